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

// New registers the handlers of the contract.
func New(b *bus.Bus, log *slog.Logger, config Config) *Service {
	s := &Service{
		config:    config,
		providers: appsapi.NewProviders(b, log, inventoryapi.ErrProjectNotFound, bus.Timeout(config.ProviderTimeout)),
	}
	inventoryapi.GetOffers.Handle(b, s.getOffers)
	return s
}
