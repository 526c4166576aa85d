package pricing

import (
	"context"
	"errors"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing/internal/promotion"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// Service answers for the discounts of all projects.
type Service struct {
	bus     *bus.Bus
	log     *slog.Logger
	config  Config
	execute *bus.Action[appsapi.ExecuteRequest, appsapi.ExecuteResponse]
}

// New registers the handlers of the contract.
func New(b *bus.Bus, log *slog.Logger, config Config) *Service {
	s := &Service{
		bus:     b,
		log:     log,
		config:  config,
		execute: appsapi.Execute.With(bus.Timeout(config.ProviderTimeout)),
	}
	pricingapi.GetAllDiscounts.Handle(b, s.getAllDiscounts)
	pricingapi.ValidateDiscount.Handle(b, s.validateDiscount)
	pricingapi.EvaluateDiscounts.Handle(b, s.evaluateDiscounts)
	return s
}

// catalogue asks the project's providers, once. It fails when the project does
// not exist or the caller gave up; any other trouble is a catalogue that is not
// complete, with a warning.
func (s *Service) catalogue(ctx context.Context, projectID string) (promotion.Catalogue, error) {
	offered, warnings, err := s.listDiscounts(ctx, projectID)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return promotion.Catalogue{}, ctx.Err()
	case errors.Is(err, appsapi.ErrProjectNotFound):
		return promotion.Catalogue{}, pricingapi.ErrProjectNotFound.Errorf("there is no project %q", projectID)
	default:
		s.log.WarnContext(ctx, "providers could not be asked for discounts",
			"project", projectID, "request_id", bus.RequestID(ctx), "error", err)
		return promotion.Catalogue{Warnings: []pricingapi.Warning{{
			Code: pricingapi.InternalError, Message: "The discounts are not available at the moment.",
		}}}, nil
	}
	discounts, refused := promotion.Check(offered)
	return promotion.Catalogue{
		Discounts: discounts,
		Warnings:  append(warnings, refused...),
		Asked:     true,
		Complete:  isComplete(warnings),
	}, nil
}

// listDiscounts is the one round to the providers.
func (s *Service) listDiscounts(ctx context.Context, projectID string) ([]pricingapi.Discount, []pricingapi.Warning, error) {
	params, err := plugin.ListDiscounts.Params(plugin.DiscountQuery{})
	if err != nil {
		return nil, nil, err
	}
	answer, err := s.execute.Call(ctx, s.bus, appsapi.ExecuteRequest{
		ProjectID: projectID,
		Domain:    string(plugin.ListDiscounts.Domain()),
		Operation: plugin.ListDiscounts.Name(),
		Params:    params,
	})
	if err != nil {
		return nil, nil, err
	}
	results, err := plugin.ListDiscounts.Results(answer.Data)
	if err != nil {
		return nil, nil, err
	}
	discounts := make([]pricingapi.Discount, len(results))
	for i, result := range results {
		discounts[i] = pricingapi.Discount{
			Code:        result.Code,
			Type:        pricingapi.DiscountType(result.Type),
			Percent:     result.Percent,
			FixedAmount: result.Amount,
			Provider:    result.Provider,
			Conditions:  pricingapi.Conditions{MinAmount: result.Conditions.MinAmount},
		}
	}
	return discounts, passOn(answer.Warnings), nil
}

func passOn(given []appsapi.Warning) []pricingapi.Warning {
	warnings := make([]pricingapi.Warning, len(given))
	for i, w := range given {
		warnings[i] = pricingapi.Warning{
			Code: pricingapi.WarningCode(w.Code), Message: w.Message, Provider: w.Provider, Subject: w.Subject,
		}
	}
	return warnings
}

// isComplete reports whether no provider failed.
func isComplete(warnings []pricingapi.Warning) bool {
	for _, w := range warnings {
		if w.Code == pricingapi.ProviderError || w.Code == pricingapi.ProviderTimeout {
			return false
		}
	}
	return true
}
