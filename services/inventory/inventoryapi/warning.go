package inventoryapi

import "github.com/shopanaio/orchestrator/services/apps/appsapi"

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

// Warning tells what is missing from a result, and which item that is about.
type Warning struct {
	appsapi.Warning
	// LineID is the item it is about; absent when it is about none.
	LineID string `json:"lineId,omitempty"`
}
