package apps

import (
	"context"
	"fmt"
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

// Params are what the service is made of.
type Params struct {
	Bus         *bus.Bus
	Log         *slog.Logger
	Config      Config
	Group       *service.Group
	Plugins     plugin.Set // those that are linked
	Environment service.Environment
}

// New makes the service: it opens the providers that the configuration installs
// and registers the handlers. The error has every mistake in services.apps, with
// its path.
func New(p Params) (*Service, error) {
	linked, err := plugin.NewSet(p.Plugins...)
	if err != nil {
		return nil, err
	}
	directory, err := seed(p.Config, linked, p.Environment)
	if err != nil {
		return nil, fmt.Errorf("services.apps: %w", err)
	}
	s := &Service{
		log:        p.Log,
		linked:     linked,
		directory:  directory,
		dispatcher: operation.New(p.Group, p.Config.ProviderTimeout),
	}
	appsapi.Execute.Handle(p.Bus, s.execute)
	appsapi.ListApps.Handle(p.Bus, s.listApps)
	appsapi.ListInstalledApps.Handle(p.Bus, s.listInstalledApps)
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
