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
		providers: appsapi.NewProviders(p.Bus, p.Log, pricingapi.ErrProjectNotFound, bus.Timeout(p.Config.ProviderTimeout)),
	}
	pricingapi.GetAllDiscounts.Handle(p.Bus, s.getAllDiscounts)
	pricingapi.ValidateDiscount.Handle(p.Bus, s.validateDiscount)
	pricingapi.EvaluateDiscounts.Handle(p.Bus, s.evaluateDiscounts)
	return s, nil
}
