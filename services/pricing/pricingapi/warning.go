package pricingapi

import "github.com/shopanaio/orchestrator/services/apps/appsapi"

// The codes of warnings that this service has beside those of apps.
const (
	// DiscountNotFound: every provider answered, and none has such a code.
	DiscountNotFound appsapi.WarningCode = "DISCOUNT_NOT_FOUND"
	// DiscountNotChecked: a provider failed, and no other one has such a code.
	DiscountNotChecked appsapi.WarningCode = "DISCOUNT_NOT_CHECKED"
	// DiscountInvalid: a provider offers something that is no discount, such as
	// 0 percent; it is left out.
	DiscountInvalid appsapi.WarningCode = "DISCOUNT_INVALID"
	// MinAmountNotReached: the subtotal is below the discount's minimum.
	MinAmountNotReached appsapi.WarningCode = "MIN_AMOUNT_NOT_REACHED"
	// CurrencyMismatch: the discount is in another currency than the cart.
	CurrencyMismatch appsapi.WarningCode = "CURRENCY_MISMATCH"
)
