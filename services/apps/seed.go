package apps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

// demoProject is the project that development has without being asked.
const demoProject = "demo"

// seed makes the slots that the configuration names. The error has every
// mistake, each with its path in config.yml.
func seed(config Config, linked plugin.Set, environment service.Environment) (*slot.Directory, error) {
	projects := config.Projects
	if projects == nil && environment == service.Development {
		projects = map[string]ProjectConfig{demoProject: {}}
	}
	directory := slot.NewDirectory()
	var mistakes []error
	for _, id := range sortedKeys(projects) {
		plugins := projects[id].Plugins
		if plugins == nil {
			plugins = everyPlugin(linked)
		}
		slots, err := install(id, plugins, linked, config.ProviderConcurrency)
		mistakes = append(mistakes, err)
		directory.Put(id, slots)
	}
	return directory, errors.Join(mistakes...)
}

// everyPlugin installs what is linked and can be used, with its defaults.
func everyPlugin(linked plugin.Set) PluginsConfig {
	all := make(PluginsConfig, len(linked))
	for _, p := range linked {
		if p.Manifest.Compatible() {
			all[p.Manifest.Code] = PluginConfig{Status: string(slot.Active)}
		}
	}
	return all
}

func install(project string, plugins PluginsConfig, linked plugin.Set, places int) ([]*slot.Slot, error) {
	var slots []*slot.Slot
	var mistakes []error
	for _, code := range sortedKeys(plugins) {
		made, err := open(project, code, plugins[code], linked, places)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("services.apps.projects.%s.plugins.%s: %w", project, code, err))
			continue
		}
		slots = append(slots, made)
	}
	return slots, errors.Join(mistakes...)
}

func open(project, code string, config PluginConfig, linked plugin.Set, places int) (*slot.Slot, error) {
	found, ok := linked.Find(code)
	if !ok {
		return nil, fmt.Errorf("no plugin of this code is linked into the binary; %s", listLinked(linked))
	}
	provider, err := found.Open(context.Background(), plugin.NewConfig(project, config.Config))
	if err != nil {
		return nil, err
	}
	return slot.New(project, found.Manifest, slot.Status(config.Status), provider, places)
}

func listLinked(linked plugin.Set) string {
	if len(linked) == 0 {
		return "none is: select plugins in config.yml and run go generate ./..."
	}
	return "linked are " + strings.Join(linked.Codes(), ", ")
}
