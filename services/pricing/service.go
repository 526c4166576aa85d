package pricing

import (
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// Service answers for the discounts of all projects.
type Service struct {
	config    Config
	providers *appsapi.Providers
}

// New registers the handlers of the contract.
func New(b *bus.Bus, log *slog.Logger, config Config) *Service {
	s := &Service{
		config:    config,
		providers: appsapi.NewProviders(b, log, pricingapi.ErrProjectNotFound, bus.Timeout(config.ProviderTimeout)),
	}
	pricingapi.GetAllDiscounts.Handle(b, s.getAllDiscounts)
	pricingapi.ValidateDiscount.Handle(b, s.validateDiscount)
	pricingapi.EvaluateDiscounts.Handle(b, s.evaluateDiscounts)
	return s
}
