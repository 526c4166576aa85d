package inventory

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory/internal/matching"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

func (s *Service) getOffers(ctx context.Context, req inventoryapi.GetOffersRequest) (inventoryapi.GetOffersResponse, error) {
	if err := s.limit(req); err != nil {
		return inventoryapi.GetOffersResponse{}, err
	}
	answer, err := s.askForOffers(ctx, req)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return inventoryapi.GetOffersResponse{}, ctx.Err()
	case errors.Is(err, appsapi.ErrProjectNotFound):
		return inventoryapi.GetOffersResponse{}, inventoryapi.ErrProjectNotFound.Errorf("there is no project %q", req.ProjectID)
	default:
		return s.withoutProviders(ctx, req.ProjectID, err), nil
	}
	offers, warnings := matching.Match(req.Items, req.Currency, answer)
	return inventoryapi.GetOffersResponse{Offers: offers, Warnings: warnings}, nil
}

// limit adds to the contract's rules the one that is a setting.
func (s *Service) limit(req inventoryapi.GetOffersRequest) error {
	if got := len(req.Items); got > s.config.MaxItems {
		return bus.Invalid(bus.FieldError{
			Field: "items", Rule: "maxItems",
			Message: fmt.Sprintf("must have at most %d items, not %d", s.config.MaxItems, got),
		})
	}
	return nil
}

// withoutProviders is the answer when nobody could be asked. Its warning tells
// it from the answer about products that do not exist.
func (s *Service) withoutProviders(ctx context.Context, projectID string, cause error) inventoryapi.GetOffersResponse {
	s.log.WarnContext(ctx, "providers could not be asked for offers",
		"project", projectID, "request_id", bus.RequestID(ctx), "error", cause)
	return inventoryapi.GetOffersResponse{
		Offers: []inventoryapi.Offer{},
		Warnings: []inventoryapi.Warning{{
			Code: inventoryapi.InternalError, Message: "The offers are not available at the moment.",
		}},
	}
}
