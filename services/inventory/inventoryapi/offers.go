package inventoryapi

import (
	"encoding/json"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// GetOffers prices items. The offers are in the order of the items; an item
// without an offer is left out and has a warning with its line id. When no provider can be asked
// there are no offers and one INTERNAL_ERROR warning.
var GetOffers = bus.NewAction[GetOffersRequest, GetOffersResponse]("inventory.getOffers", bus.Idempotent()).
	Doc("Price items and tell whether they can be bought.").
	Example(GetOffersRequest{
		ProjectID: "demo",
		Currency:  "USD",
		Items: []Item{
			{LineID: "1", PurchasableID: "mug-blue", Quantity: 2},
			{LineID: "2", PurchasableID: "gift-card-50", Quantity: 1},
		},
	})

// GetOffersRequest names what is to be bought.
type GetOffersRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that sells"`
	// Items are what is to be bought, at least one.
	Items []Item `json:"items" schema:"minItems=1"`
	// Currency in which every offer is to be priced; required.
	Currency money.Currency `json:"currency" schema:"required" doc:"the currency of the offers, such as USD"`
	// Locale is the language in which titles are wanted, a BCP 47 tag such as
	// "uk-UA". A provider that has one language only does not read it. Empty
	// leaves it to the provider.
	Locale string `json:"locale,omitempty" schema:"pattern=^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$" doc:"a BCP 47 tag such as uk-UA"`
}

// Item is one thing to be bought.
type Item struct {
	// LineID is the caller's name for the item, unique in the request; required.
	LineID string `json:"lineId" schema:"required" doc:"the caller's name for the item"`
	// PurchasableID is the id of the product variant; required.
	PurchasableID string `json:"purchasableId" schema:"required" doc:"the id of the product variant"`
	// Quantity is how many, at least 1.
	Quantity int `json:"quantity" schema:"minimum=1"`
}

// GetOffersResponse holds the offers.
type GetOffersResponse struct {
	// Offers are in the order of the items, one for each that has one.
	Offers []Offer `json:"offers"`
	// Warnings say which items have no offer, and why.
	Warnings []Warning `json:"warnings"`
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

// Offer is at which price an item can be bought.
type Offer struct {
	// LineID is the item's.
	LineID string `json:"lineId"`
	// PurchasableID is the item's.
	PurchasableID string `json:"purchasableId"`
	// UnitPrice is the price of one, in the requested currency.
	UnitPrice money.Money `json:"unitPrice"`
	// UnitCompareAtPrice is the former price of one; absent when there is none.
	UnitCompareAtPrice *money.Money `json:"unitCompareAtPrice,omitempty"`
	// IsAvailable says whether it can be bought now.
	IsAvailable bool `json:"isAvailable"`
	// IsPhysical says whether it has to be shipped.
	IsPhysical bool `json:"isPhysical"`
	// PaymentMode says when it is to be paid.
	PaymentMode PaymentMode `json:"paymentMode"`
	// PurchasableSnapshot is how the thing looks now, to be kept with an order.
	PurchasableSnapshot Snapshot `json:"purchasableSnapshot"`
	// ProviderPayload is a JSON object as the provider likes; may be absent.
	ProviderPayload json.RawMessage `json:"providerPayload,omitempty"`
}

// Snapshot is how a thing looks at the time of the offer.
type Snapshot struct {
	Title string `json:"title"`
	// SKU is the stock-keeping unit; may be absent.
	SKU string `json:"sku,omitempty"`
	// ImageURL is the address of a picture; may be absent.
	ImageURL string `json:"imageUrl,omitempty"`
	// Data is a JSON object as the provider likes; may be absent.
	Data json.RawMessage `json:"data,omitempty"`
}

// The codes of warnings that this service has beside those of apps.
const (
	// ProductNotFound: every provider answered, and none knows the product.
	ProductNotFound appsapi.WarningCode = "PRODUCT_NOT_FOUND"
	// OfferNotChecked: a provider failed, and no other one knows the product.
	OfferNotChecked appsapi.WarningCode = "OFFER_NOT_CHECKED"
	// CurrencyNotAvailable: the product is known, and not sold in the requested
	// currency.
	CurrencyNotAvailable appsapi.WarningCode = "CURRENCY_NOT_AVAILABLE"
)

// Warning says what is missing from a result, and which item that is about.
type Warning struct {
	appsapi.Warning
	// LineID is the item it is about; absent when it is about none.
	LineID string `json:"lineId,omitempty"`
}

// Validate refuses items with the same line id; what each item has to be stands
// in its tags.
func (r GetOffersRequest) Validate() error {
	var repeated []bus.FieldError
	seen := make(map[string]int, len(r.Items))
	for i, item := range r.Items {
		first, known := seen[item.LineID]
		switch {
		case !known:
			seen[item.LineID] = i
		case item.LineID != "":
			repeated = append(repeated, bus.FieldError{
				Field: fmt.Sprintf("items[%d].lineId", i), Rule: "unique",
				Message: fmt.Sprintf("is the id of items[%d] already", first),
			})
		}
	}
	if len(repeated) == 0 {
		return nil // not a nil *bus.Error, which would be an error that is not nil
	}
	return bus.Invalid(repeated...)
}
