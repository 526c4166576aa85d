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

// New registers the handlers of the contract.
func New(b *bus.Bus, log *slog.Logger, config Config) *Service {
	s := &Service{
		providers: appsapi.NewProviders(b, log, paymentsapi.ErrProjectNotFound, bus.Timeout(config.ProviderTimeout)),
	}
	paymentsapi.GetPaymentMethods.Handle(b, s.getPaymentMethods)
	return s
}
