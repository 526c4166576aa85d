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

// Params are what the service is made of.
type Params struct {
	Bus    *bus.Bus
	Log    *slog.Logger
	Config Config
}

// New registers the handlers of the contract.
func New(p Params) (*Service, error) {
	s := &Service{
		providers: appsapi.NewProviders(p.Bus, p.Log, deliveryapi.ErrProjectNotFound, bus.Timeout(p.Config.ProviderTimeout)),
	}
	deliveryapi.ShippingMethods.Handle(p.Bus, s.shippingMethods)
	deliveryapi.CreateDeliveryGroups.Handle(p.Bus, s.createDeliveryGroups)
	return s, nil
}
