package inventoryapi

// WarningCode says for machines what a warning is about. Providers have codes
// of their own beside these.
type WarningCode string

// The codes this service gives, and those it passes on from apps.
const (
	// InternalError: no provider could be asked.
	InternalError WarningCode = "INTERNAL_ERROR"
	// ProviderError: one provider failed; the others' offers are there.
	ProviderError WarningCode = "PROVIDER_ERROR"
	// ProviderTimeout: one provider did not answer in time; the others' offers
	// are there.
	ProviderTimeout WarningCode = "PROVIDER_TIMEOUT"
	// ProductNotFound: every provider answered, and none knows the product.
	ProductNotFound WarningCode = "PRODUCT_NOT_FOUND"
	// OfferNotChecked: a provider failed, and no other one knows the product.
	OfferNotChecked WarningCode = "OFFER_NOT_CHECKED"
	// CurrencyNotAvailable: the product is known, and not sold in the requested
	// currency.
	CurrencyNotAvailable WarningCode = "CURRENCY_NOT_AVAILABLE"
)

// Warning tells what is missing from a result.
type Warning struct {
	// Code is for machines.
	Code WarningCode `json:"code"`
	// Message is one sentence for people.
	Message string `json:"message"`
	// LineID is the item it is about; absent when it is about none.
	LineID string `json:"lineId,omitempty"`
	// Provider is the plugin it is about; absent when it is about none.
	Provider string `json:"provider,omitempty"`
	// Subject is what it is about, such as a product's id; may be absent.
	Subject string `json:"subject,omitempty"`
}
