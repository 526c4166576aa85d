package catalog

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

// CurrencyNotAvailable is the code of the warning that a product is not sold in
// the currency that was asked for; its subject is the product's id.
const CurrencyNotAvailable = "CURRENCY_NOT_AVAILABLE"

// shelf is the products of one slot.
type shelf struct {
	settings Config
	products map[string]product
}

// offers answers each item it knows, in their order. What it does not know is
// left to other providers; what it knows but does not sell in the currency is
// said, because the caller cannot tell the two apart by the missing offer.
func (s shelf) offers(_ context.Context, query plugin.OffersQuery) ([]plugin.Offer, []plugin.Warning, error) {
	currency := query.Currency
	if currency == "" {
		currency = s.settings.DefaultCurrency
	}
	var offers []plugin.Offer
	var warnings []plugin.Warning
	for _, item := range query.Items {
		found, known := s.products[item.PurchasableID]
		if !known {
			continue
		}
		cost, sold := found.Prices[currency]
		if !sold {
			warnings = append(warnings, notSold(found, currency))
			continue
		}
		offer, err := found.offer(item, cost)
		if err != nil {
			return nil, nil, err
		}
		offers = append(offers, offer)
	}
	return offers, warnings, nil
}

func notSold(p product, currency money.Currency) plugin.Warning {
	return plugin.Warning{
		Code:    CurrencyNotAvailable,
		Subject: p.ID,
		Message: fmt.Sprintf("product %q is not sold in %s", p.ID, currency),
	}
}

// snapshotData and payload are what the catalog adds to an offer.
type snapshotData struct {
	StockStatus string `json:"stockStatus"`
}

type payload struct {
	Provider    string `json:"provider"`
	LineID      string `json:"lineId,omitempty"`
	Quantity    int    `json:"quantity"`
	StockStatus string `json:"stockStatus"`
}

func (p product) offer(item plugin.OfferItem, cost price) (plugin.Offer, error) {
	data, err := json.Marshal(snapshotData{p.StockStatus})
	if err != nil {
		return plugin.Offer{}, fmt.Errorf("the snapshot of product %q cannot be written: %w", p.ID, err)
	}
	extra, err := json.Marshal(payload{code, item.LineID, item.Quantity, p.StockStatus})
	if err != nil {
		return plugin.Offer{}, fmt.Errorf("the payload of product %q cannot be written: %w", p.ID, err)
	}
	return plugin.Offer{
		PurchasableID:      p.ID,
		UnitPrice:          cost.now,
		UnitCompareAtPrice: cost.compareAt,
		IsAvailable:        p.StockStatus != outOfStock,
		IsPhysical:         p.Physical,
		PaymentMode:        p.paymentMode(cost),
		Snapshot:           plugin.OfferSnapshot{Title: p.Title, SKU: p.SKU, ImageURL: p.ImageURL, Data: data},
		ProviderPayload:    extra,
	}, nil
}

// paymentMode: what is not in stock now is paid when it is.
func (p product) paymentMode(cost price) plugin.PaymentMode {
	switch {
	case cost.now.IsZero():
		return plugin.Free
	case p.StockStatus == inStock:
		return plugin.Immediate
	default:
		return plugin.Deferred
	}
}
