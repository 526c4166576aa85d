package pricingapi

// WarningCode says for machines what a warning is about. Providers have codes
// of their own beside these.
type WarningCode string

// The codes this service gives, and those it passes on from apps.
const (
	// InternalError: no provider could be asked.
	InternalError WarningCode = "INTERNAL_ERROR"
	// ProviderError: one provider failed; the others' results are there.
	ProviderError WarningCode = "PROVIDER_ERROR"
	// ProviderTimeout: one provider did not answer in time; the others' results
	// are there.
	ProviderTimeout WarningCode = "PROVIDER_TIMEOUT"
	// DiscountNotFound: every provider answered, and none has such a code.
	DiscountNotFound WarningCode = "DISCOUNT_NOT_FOUND"
	// DiscountNotChecked: a provider failed, and no other one has such a code.
	DiscountNotChecked WarningCode = "DISCOUNT_NOT_CHECKED"
	// DiscountInvalid: a provider offers something that is no discount, such as
	// 0 percent; it is left out.
	DiscountInvalid WarningCode = "DISCOUNT_INVALID"
	// MinAmountNotReached: the subtotal is below the discount's minimum.
	MinAmountNotReached WarningCode = "MIN_AMOUNT_NOT_REACHED"
	// CurrencyMismatch: the discount is in another currency than the cart.
	CurrencyMismatch WarningCode = "CURRENCY_MISMATCH"
)

// Warning tells what is missing from a result, or left out of it.
type Warning struct {
	// Code is for machines.
	Code WarningCode `json:"code"`
	// Message is one sentence for people.
	Message string `json:"message"`
	// Provider is the plugin it is about; absent when it is about none.
	Provider string `json:"provider,omitempty"`
	// Subject is what it is about, such as a discount code; may be absent.
	Subject string `json:"subject,omitempty"`
}
