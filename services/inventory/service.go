package inventory

import (
	"context"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory/internal/matching"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// Service answers for the offers of all projects.
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
	inventoryapi.GetOffers.Handle(b, s.getOffers)
	return s
}

// askForOffers is the one round to the providers.
func (s *Service) askForOffers(ctx context.Context, req inventoryapi.GetOffersRequest) (matching.Answer, error) {
	query := plugin.OffersQuery{Currency: req.Currency, Locale: req.Locale, Items: make([]plugin.OfferItem, len(req.Items))}
	for i, item := range req.Items {
		query.Items[i] = plugin.OfferItem{LineID: item.LineID, PurchasableID: item.PurchasableID, Quantity: item.Quantity}
	}
	params, err := plugin.GetOffers.Params(query)
	if err != nil {
		return matching.Answer{}, err
	}
	answer, err := s.execute.Call(ctx, s.bus, appsapi.ExecuteRequest{
		ProjectID: req.ProjectID,
		Domain:    string(plugin.GetOffers.Domain()),
		Operation: plugin.GetOffers.Name(),
		Params:    params,
	})
	if err != nil {
		return matching.Answer{}, err
	}
	results, err := plugin.GetOffers.Results(answer.Data)
	if err != nil {
		return matching.Answer{}, err
	}
	offers := make([]inventoryapi.Offer, len(results))
	for i, result := range results {
		offers[i] = offerOf(result)
	}
	return matching.Answer{Offers: offers, Warnings: passOn(answer.Warnings)}, nil
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

func passOn(given []appsapi.Warning) []inventoryapi.Warning {
	warnings := make([]inventoryapi.Warning, len(given))
	for i, w := range given {
		warnings[i] = inventoryapi.Warning{
			Code: inventoryapi.WarningCode(w.Code), Message: w.Message, Provider: w.Provider, Subject: w.Subject,
		}
	}
	return warnings
}
