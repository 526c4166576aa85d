package payments

import (
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

// Service answers for the payment methods of all projects.
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
		providers: appsapi.NewProviders(p.Bus, p.Log, paymentsapi.ErrProjectNotFound, bus.Timeout(p.Config.ProviderTimeout)),
	}
	paymentsapi.GetPaymentMethods.Handle(p.Bus, s.getPaymentMethods)
	return s, nil
}
