package pricing

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/pricing/internal/promotion"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

func (s *Service) evaluateDiscounts(ctx context.Context, req pricingapi.EvaluateDiscountsRequest) (pricingapi.EvaluateDiscountsResponse, error) {
	if err := s.limit(req); err != nil {
		return pricingapi.EvaluateDiscountsResponse{}, err
	}
	subtotal, err := subtotalOf(req)
	if err != nil {
		return pricingapi.EvaluateDiscountsResponse{}, err
	}
	result, err := s.apply(ctx, req, subtotal)
	if err != nil {
		return pricingapi.EvaluateDiscountsResponse{}, err
	}
	return answerOf(subtotal, result)
}

// apply asks the providers and counts the codes; without codes it asks nobody.
func (s *Service) apply(ctx context.Context, req pricingapi.EvaluateDiscountsRequest, subtotal money.Money) (promotion.Result, error) {
	codes := req.AppliedDiscountCodes
	if len(codes) == 0 {
		return promotion.Evaluate(subtotal, promotion.Catalogue{}, codes)
	}
	offered, err := s.catalogue(ctx, req.ProjectID)
	if err != nil {
		return promotion.Result{}, err
	}
	if !offered.Asked {
		codes = nil // the one warning about that covers every code
	}
	return promotion.Evaluate(subtotal, offered, codes)
}

func answerOf(subtotal money.Money, result promotion.Result) (pricingapi.EvaluateDiscountsResponse, error) {
	total, err := subtotal.Sub(result.Total)
	if err != nil {
		return pricingapi.EvaluateDiscountsResponse{}, err
	}
	return pricingapi.EvaluateDiscountsResponse{
		AggregatedDiscounts: result.Applied,
		LineDiscounts:       map[string][]pricingapi.AppliedDiscount{},
		Subtotal:            subtotal,
		DiscountTotal:       result.Total,
		Total:               total,
		Warnings:            result.Warnings,
	}, nil
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
