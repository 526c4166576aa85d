package pricing

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/pricing/internal/promotion"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

func (s *Service) getAllDiscounts(ctx context.Context, req pricingapi.GetAllDiscountsRequest) (pricingapi.GetAllDiscountsResponse, error) {
	offered, err := s.catalogue(ctx, req.ProjectID)
	if err != nil {
		return pricingapi.GetAllDiscountsResponse{}, err
	}
	return pricingapi.GetAllDiscountsResponse{
		Discounts: listed(offered.Discounts),
		Warnings:  listed(offered.Warnings),
	}, nil
}

func (s *Service) validateDiscount(ctx context.Context, req pricingapi.ValidateDiscountRequest) (pricingapi.ValidateDiscountResponse, error) {
	offered, err := s.catalogue(ctx, req.ProjectID)
	if err != nil {
		return pricingapi.ValidateDiscountResponse{}, err
	}
	discount, found := offered.Find(req.Code)
	switch {
	case found:
		return pricingapi.ValidateDiscountResponse{
			Valid: true, Code: discount.Code, Discount: &discount, Warnings: listed(offered.Warnings),
		}, nil
	case offered.Complete:
		return pricingapi.ValidateDiscountResponse{
			Code: strings.TrimSpace(req.Code), Reason: pricingapi.ReasonNotFound, Warnings: listed(offered.Warnings),
		}, nil
	default:
		return pricingapi.ValidateDiscountResponse{}, pricingapi.ErrProvidersUnavailable.Errorf(
			"the code %q could not be checked, because not every provider answered; try again later", strings.TrimSpace(req.Code))
	}
}

func (s *Service) evaluateDiscounts(ctx context.Context, req pricingapi.EvaluateDiscountsRequest) (pricingapi.EvaluateDiscountsResponse, error) {
	if err := s.limit(req); err != nil {
		return pricingapi.EvaluateDiscountsResponse{}, err
	}
	subtotal, err := subtotalOf(req)
	if err != nil {
		return pricingapi.EvaluateDiscountsResponse{}, err
	}
	result := promotion.Result{Total: money.Of(0, req.Currency)}
	if len(req.AppliedDiscountCodes) > 0 {
		if result, err = s.apply(ctx, req, subtotal); err != nil {
			return pricingapi.EvaluateDiscountsResponse{}, err
		}
	}
	total, err := subtotal.Sub(result.Total)
	if err != nil {
		return pricingapi.EvaluateDiscountsResponse{}, err
	}
	return pricingapi.EvaluateDiscountsResponse{
		AggregatedDiscounts: listed(result.Applied),
		LineDiscounts:       map[string][]pricingapi.AppliedDiscount{},
		Subtotal:            subtotal,
		DiscountTotal:       result.Total,
		Total:               total,
		Warnings:            listed(result.Warnings),
	}, nil
}

// apply asks the providers and counts the codes. When nobody could be asked, the
// one warning about that covers every code.
func (s *Service) apply(ctx context.Context, req pricingapi.EvaluateDiscountsRequest, subtotal money.Money) (promotion.Result, error) {
	offered, err := s.catalogue(ctx, req.ProjectID)
	if err != nil {
		return promotion.Result{}, err
	}
	if !offered.Asked {
		return promotion.Result{Total: money.Of(0, req.Currency), Warnings: offered.Warnings}, nil
	}
	result, err := promotion.Evaluate(subtotal, offered, req.AppliedDiscountCodes)
	if err != nil {
		return promotion.Result{}, err
	}
	result.Warnings = append(offered.Warnings, result.Warnings...)
	return result, nil
}

// limit adds to the contract's rules the one that is a setting.
func (s *Service) limit(req pricingapi.EvaluateDiscountsRequest) error {
	if got := len(req.AppliedDiscountCodes); got > s.config.MaxCodes {
		return bus.Invalid(bus.FieldError{
			Field: "appliedDiscountCodes", Rule: "maxItems",
			Message: fmt.Sprintf("must have at most %d codes, not %d", s.config.MaxCodes, got),
		})
	}
	return nil
}

// subtotalOf is the sum of price times quantity. The request is valid, so that
// only its size can be wrong.
func subtotalOf(req pricingapi.EvaluateDiscountsRequest) (money.Money, error) {
	total := money.Of(0, req.Currency)
	for i, line := range req.Lines {
		amount, err := line.Unit.Price.Mul(line.Quantity)
		if err == nil {
			total, err = total.Add(amount)
		}
		if err != nil {
			return money.Money{}, bus.Invalid(bus.FieldError{
				Field: fmt.Sprintf("lines[%d]", i), Rule: "maximum",
				Message: "makes the subtotal larger than can be counted: " + err.Error(),
			})
		}
	}
	return total, nil
}

// listed makes a list that is empty instead of null in JSON.
func listed[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
