package delivery

import (
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// Service answers for the shipping methods of all projects.
type Service struct {
	providers *appsapi.Providers
}

// New registers the handlers of the contract.
func New(b *bus.Bus, log *slog.Logger, config Config) *Service {
	s := &Service{
		providers: appsapi.NewProviders(b, log, deliveryapi.ErrProjectNotFound, bus.Timeout(config.ProviderTimeout)),
	}
	deliveryapi.ShippingMethods.Handle(b, s.shippingMethods)
	deliveryapi.CreateDeliveryGroups.Handle(b, s.createDeliveryGroups)
	return s
}
