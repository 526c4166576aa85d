package apps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

func (s *Service) listInstalledApps(_ context.Context, req appsapi.ListInstalledAppsRequest) (appsapi.ListInstalledAppsResponse, error) {
	project, ok := s.directory.Project(req.ProjectID)
	if !ok {
		return appsapi.ListInstalledAppsResponse{}, projectNotFound(req.ProjectID)
	}
	res := appsapi.ListInstalledAppsResponse{Apps: []appsapi.InstalledApp{}}
	for _, installed := range project {
		for _, domain := range installed.Manifest.Domains {
			res.Apps = append(res.Apps, appsapi.InstalledApp{
				Code: installed.Code(), Domain: string(domain),
				Status: string(installed.Status), Settings: installed.Settings,
			})
		}
	}
	return res, nil
}

func projectNotFound(id string) error {
	return appsapi.ErrProjectNotFound.Errorf("there is no project %q", id)
}

// demoProject is the project that development has without being asked.
const demoProject = "demo"

// Check refuses what cannot be seeded, which New would.
func (c *Config) Check(process service.Surroundings) error {
	_, err := seed(*c, process.Plugins, process.Environment)
	return err
}

// seed makes the slots that the configuration names. The error has every
// mistake, each with its path in services.apps.
func seed(config Config, linked plugin.Set, environment service.Environment) (*slot.Directory, error) {
	projects := config.Projects
	if projects == nil && environment == service.Development {
		projects = map[string]ProjectConfig{demoProject: {}}
	}
	to := installer{linked: linked, places: max(config.ProviderConcurrency, 0), production: environment == service.Production}
	directory := slot.NewDirectory()
	var mistakes []error
	for _, id := range sortedKeys(projects) {
		plugins := projects[id].Plugins
		if plugins == nil {
			plugins = everyPlugin(linked)
		}
		slots, err := to.install(id, plugins)
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

// installer makes the slots of projects.
type installer struct {
	linked     plugin.Set
	places     int
	production bool
}

func (in installer) install(project string, plugins PluginsConfig) ([]*slot.Slot, error) {
	var slots []*slot.Slot
	var mistakes []error
	for _, code := range sortedKeys(plugins) {
		made, err := in.open(project, code, plugins[code])
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("projects.%s.plugins.%s: %w", project, code, err))
			continue
		}
		slots = append(slots, made)
	}
	return slots, errors.Join(mistakes...)
}

func (in installer) open(project, code string, config PluginConfig) (*slot.Slot, error) {
	found, ok := in.linked.Find(code)
	if !ok {
		return nil, fmt.Errorf("no plugin of this code is linked into the binary; %s%s", listLinked(in.linked), service.DidYouMean(code, in.linked.Codes()))
	}
	settings := plugin.NewConfig(project, config.Config)
	if in.production {
		settings = settings.RequireHTTPS()
	}
	provider, err := found.Open(context.Background(), settings)
	if err != nil {
		return nil, err
	}
	return slot.New(project, found.Manifest, slot.Status(config.Status), provider, in.places)
}

func listLinked(linked plugin.Set) string {
	if len(linked) == 0 {
		return "none is: select plugins in config.yml and run go generate ./..."
	}
	return "linked are " + strings.Join(linked.Codes(), ", ")
}
