package pricing

import (
	"context"
	"strings"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing/internal/promotion"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

func (s *Service) getAllDiscounts(ctx context.Context, req pricingapi.GetAllDiscountsRequest) (pricingapi.GetAllDiscountsResponse, error) {
	offered, err := s.catalogue(ctx, req.ProjectID)
	if err != nil {
		return pricingapi.GetAllDiscountsResponse{}, err
	}
	return pricingapi.GetAllDiscountsResponse{Discounts: offered.Discounts, Warnings: offered.Warnings}, nil
}

func (s *Service) validateDiscount(ctx context.Context, req pricingapi.ValidateDiscountRequest) (pricingapi.ValidateDiscountResponse, error) {
	offered, err := s.catalogue(ctx, req.ProjectID)
	if err != nil {
		return pricingapi.ValidateDiscountResponse{}, err
	}
	discount, found := offered.Find(req.Code)
	typed := strings.TrimSpace(req.Code)
	switch {
	case found:
		return pricingapi.ValidateDiscountResponse{Valid: true, Code: discount.Code, Discount: &discount, Warnings: offered.Warnings}, nil
	case offered.Complete:
		return pricingapi.ValidateDiscountResponse{Code: typed, Reason: pricingapi.ReasonNotFound, Warnings: offered.Warnings}, nil
	}
	return pricingapi.ValidateDiscountResponse{}, pricingapi.ErrProvidersUnavailable.Errorf(
		"the code %q could not be checked, because not every provider answered; try again later", typed)
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
