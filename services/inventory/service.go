package inventory

import (
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// Service answers for the offers of all projects.
type Service struct {
	config    Config
	providers *appsapi.Providers
}

// Params are what the service is made of.
type Params struct {
	Bus    *bus.Bus
	Log    *slog.Logger
	Config Config
}

// New registers the handlers of the contract.
func New(p Params) (*Service, error) {
	s := &Service{
		config:    p.Config,
		providers: appsapi.NewProviders(p.Bus, p.Log, inventoryapi.ErrProjectNotFound, bus.Timeout(p.Config.ProviderTimeout)),
	}
	inventoryapi.GetOffers.Handle(p.Bus, s.getOffers)
	return s, nil
}
