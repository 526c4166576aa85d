package apps

import (
	"context"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/apps/internal/operation"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

// Service runs the providers that projects have installed.
type Service struct {
	log        *slog.Logger
	linked     plugin.Set
	directory  *slot.Directory
	dispatcher *operation.Dispatcher
}

// New makes the service: it opens the providers that the configuration installs
// and registers the handlers. The error has every mistake in services.apps, with
// its path.
func New(b *bus.Bus, log *slog.Logger, config Config, group *service.Group, linked plugin.Set, environment service.Environment) (*Service, error) {
	linked, err := plugin.NewSet(linked...)
	if err != nil {
		return nil, err
	}
	directory, err := seed(config, linked, environment)
	if err != nil {
		return nil, err
	}
	s := &Service{
		log:        log,
		linked:     linked,
		directory:  directory,
		dispatcher: operation.New(group, config.ProviderTimeout),
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
