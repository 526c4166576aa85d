package pricing

import (
	"context"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing/internal/promotion"
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

// catalogue asks the project's providers, once.
func (s *Service) catalogue(ctx context.Context, projectID string) (promotion.Catalogue, error) {
	answer, err := appsapi.Ask(ctx, s.providers, plugin.ListDiscounts, projectID, plugin.DiscountQuery{})
	if err != nil {
		return promotion.Catalogue{}, err
	}
	offered := make([]pricingapi.Discount, len(answer.Items))
	for i, given := range answer.Items {
		offered[i] = pricingapi.Discount{
			Code:        given.Code,
			Type:        pricingapi.DiscountType(given.Type),
			Percent:     given.Percent,
			FixedAmount: given.Amount,
			Provider:    given.Provider,
			Conditions:  pricingapi.Conditions{MinAmount: given.Conditions.MinAmount},
		}
	}
	discounts, refused := promotion.Check(offered)
	return promotion.Catalogue{
		Discounts: discounts,
		Warnings:  append(answer.Warnings, refused...),
		Asked:     answer.Asked,
		Complete:  answer.Complete,
	}, nil
}
