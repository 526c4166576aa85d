package inventory

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory/internal/matching"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

func (s *Service) getOffers(ctx context.Context, req inventoryapi.GetOffersRequest) (inventoryapi.GetOffersResponse, error) {
	if err := s.limit(req); err != nil {
		return inventoryapi.GetOffersResponse{}, err
	}
	answer, err := appsapi.Ask(ctx, s.providers, plugin.GetOffers, req.ProjectID, queryOf(req))
	if err != nil {
		return inventoryapi.GetOffersResponse{}, err
	}
	items := req.Items
	if !answer.Asked {
		items = nil // the one warning about that covers every item
	}
	offers, warnings := matching.Match(items, req.Currency, matching.Answer{
		Offers: offersOf(answer.Items), Warnings: answer.Warnings, Complete: answer.Complete,
	})
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

func queryOf(req inventoryapi.GetOffersRequest) plugin.OffersQuery {
	query := plugin.OffersQuery{Currency: req.Currency, Locale: req.Locale, Items: make([]plugin.OfferItem, len(req.Items))}
	for i, item := range req.Items {
		query.Items[i] = plugin.OfferItem{LineID: item.LineID, PurchasableID: item.PurchasableID, Quantity: item.Quantity}
	}
	return query
}

func offersOf(given []plugin.Offer) []inventoryapi.Offer {
	offers := make([]inventoryapi.Offer, len(given))
	for i := range given {
		offers[i] = offerOf(given[i])
	}
	return offers
}

func offerOf(given plugin.Offer) inventoryapi.Offer {
	return inventoryapi.Offer{
		PurchasableID:      given.PurchasableID,
		UnitPrice:          given.UnitPrice,
		UnitCompareAtPrice: given.UnitCompareAtPrice,
		IsAvailable:        given.IsAvailable,
		IsPhysical:         given.IsPhysical,
		PaymentMode:        inventoryapi.PaymentMode(given.PaymentMode),
		PurchasableSnapshot: inventoryapi.Snapshot{
			Title:    given.Snapshot.Title,
			SKU:      given.Snapshot.SKU,
			ImageURL: given.Snapshot.ImageURL,
			Data:     given.Snapshot.Data,
		},
		ProviderPayload: given.ProviderPayload,
	}
}
