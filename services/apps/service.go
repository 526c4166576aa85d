package apps

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/apps/internal/dispatch"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

// Service runs the providers that projects have installed.
type Service struct {
	log        *slog.Logger
	linked     plugin.Set
	directory  *slot.Directory
	dispatcher *dispatch.Dispatcher
}

// New makes the service: it opens the providers that the configuration installs
// and registers the handlers. The error has every mistake in services.apps, with
// its path.
func New(b *bus.Bus, log *slog.Logger, config Config, group *service.Group, linked plugin.Set, environment service.Environment) (*Service, error) {
	if err := linked.Validate(); err != nil {
		return nil, err
	}
	directory, err := seed(config, linked, environment)
	if err != nil {
		return nil, err
	}
	s := &Service{
		log:        log,
		linked:     linked.Sorted(),
		directory:  directory,
		dispatcher: dispatch.New(group, config.ProviderTimeout),
	}
	appsapi.Execute.Handle(b, s.execute)
	appsapi.ListApps.Handle(b, s.listApps)
	appsapi.ListInstalledApps.Handle(b, s.listInstalledApps)
	return s, nil
}

// Start warns when there is nothing to run.
func (s *Service) Start(ctx context.Context) error {
	if s.directory.Len() == 0 {
		s.log.WarnContext(ctx, "there are no projects, so every apps.execute is refused; name them in services.apps.projects of config.yml")
	}
	return nil
}

// Stop ends the waiting for providers that do not answer.
func (s *Service) Stop(context.Context) error {
	s.dispatcher.Stop()
	return nil
}

// demoProject is the project that development has without being asked.
const demoProject = "demo"

// seed makes the slots that the configuration names. The error has every
// mistake, each with its path in config.yml.
func seed(config Config, linked plugin.Set, environment service.Environment) (*slot.Directory, error) {
	projects := config.Projects
	if projects == nil && environment == service.Development {
		projects = map[string]ProjectConfig{demoProject: {}}
	}
	to := installer{linked: linked, places: config.ProviderConcurrency, production: environment == service.Production}
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
			mistakes = append(mistakes, fmt.Errorf("services.apps.projects.%s.plugins.%s: %w", project, code, err))
			continue
		}
		slots = append(slots, made)
	}
	return slots, errors.Join(mistakes...)
}

func (in installer) open(project, code string, config PluginConfig) (*slot.Slot, error) {
	found, ok := in.linked.Find(code)
	if !ok {
		return nil, fmt.Errorf("no plugin of this code is linked into the binary; %s", listLinked(in.linked))
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
