package plugin

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopanaio/orchestrator/money"
)

// GetOffers asks the providers of the domain inventory at which price, and
// whether at all, things can be bought.
var GetOffers = NewOperation[OffersQuery, Offer](Inventory, "getOffers", "offers")

// OffersQuery names what is to be bought.
type OffersQuery struct {
	// Currency in which the offers are to be priced; empty leaves it to the
	// provider.
	Currency money.Currency `json:"currency,omitempty"`
	// Locale is the language in which titles are wanted, a BCP 47 tag such as
	// "uk-UA"; a provider that has one language only need not read it.
	Locale string `json:"locale,omitempty"`
	// Items are what is to be bought; offers come in their order.
	Items []OfferItem `json:"items"`
}

// OfferItem is one thing to be bought.
type OfferItem struct {
	// LineID is the caller's own name for the item; may be empty.
	LineID string `json:"lineId,omitempty"`
	// PurchasableID is the id of the product variant.
	PurchasableID string `json:"purchasableId"`
	// Quantity is how many, at least 1.
	Quantity int `json:"quantity"`
}

// Validate requires an id and a quantity of at least 1 for each item, and a
// currency that exists, if any.
func (q OffersQuery) Validate() error {
	mistakes := currencyMistakes(q.Currency)
	for i, item := range q.Items {
		if item.PurchasableID == "" {
			mistakes = append(mistakes, FieldError{
				Field: fmt.Sprintf("items[%d].purchasableId", i), Rule: "required", Message: "must name what is to be bought"})
		}
		if item.Quantity < 1 {
			mistakes = append(mistakes, FieldError{
				Field: fmt.Sprintf("items[%d].quantity", i), Rule: "minimum", Message: "must be at least 1"})
		}
	}
	return Invalid(mistakes...)
}

// PaymentMode says when an offer is to be paid.
type PaymentMode string

// The payment modes there are.
const (
	// Immediate: with the order.
	Immediate PaymentMode = "IMMEDIATE"
	// Deferred: later, because it is not in stock now.
	Deferred PaymentMode = "DEFERRED"
	// Free: never.
	Free PaymentMode = "FREE"
)

// Offer is what a provider says about one item. An item that no provider knows
// has no offer.
type Offer struct {
	// PurchasableID is the id that was asked for.
	PurchasableID string `json:"purchasableId"`
	// UnitPrice is the price of one, in the currency it is sold in.
	UnitPrice money.Money `json:"unitPrice"`
	// UnitCompareAtPrice is the former price of one; nil for none.
	UnitCompareAtPrice *money.Money `json:"unitCompareAtPrice,omitempty"`
	// IsAvailable says whether it can be bought now.
	IsAvailable bool `json:"isAvailable"`
	// IsPhysical says whether it must be shipped.
	IsPhysical bool `json:"isPhysical"`
	// PaymentMode says when it is to be paid.
	PaymentMode PaymentMode `json:"paymentMode"`
	// Snapshot is how the thing looks now, to be kept with an order.
	Snapshot OfferSnapshot `json:"snapshot"`
	// ProviderPayload is a JSON object as the provider likes; may be empty.
	ProviderPayload json.RawMessage `json:"providerPayload,omitempty"`
}

// Validate refuses a price whose currency does not exist and a payload that is no JSON:
// nobody could read them.
func (o Offer) Validate() error {
	return Invalid(slices.Concat(
		amountMistakes("unitPrice", &o.UnitPrice), amountMistakes("unitCompareAtPrice", o.UnitCompareAtPrice),
		payloadMistakes("snapshot.data", o.Snapshot.Data), payloadMistakes("providerPayload", o.ProviderPayload),
	)...)
}

func payloadMistakes(field string, payload json.RawMessage) []FieldError {
	if len(payload) == 0 || json.Valid(payload) {
		return nil
	}
	return []FieldError{{Field: field, Rule: "type", Message: "must be JSON"}}
}

// OfferSnapshot is how a thing looks at the time of the offer.
type OfferSnapshot struct {
	Title string `json:"title"`
	// SKU is the stock-keeping unit; may be empty.
	SKU string `json:"sku,omitempty"`
	// ImageURL is the address of a picture; may be empty.
	ImageURL string `json:"imageUrl,omitempty"`
	// Data is a JSON object as the provider likes; may be empty.
	Data json.RawMessage `json:"data,omitempty"`
}
