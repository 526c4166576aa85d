package pricingapi

import "github.com/shopanaio/orchestrator/money"

// DiscountType says how a discount is counted.
type DiscountType string

// The types of discounts there are.
const (
	// Percentage takes Percent of the subtotal off, rounded down to a whole
	// minor unit.
	Percentage DiscountType = "percentage"
	// Fixed takes FixedAmount off, at most the subtotal.
	Fixed DiscountType = "fixed"
)

// Discount is what one code gives.
type Discount struct {
	// Code is how the provider writes it, such as "WELCOME10".
	Code string `json:"code"`
	// Type says which of Percent and FixedAmount counts.
	Type DiscountType `json:"type"`
	// Percent is 1 to 100 for a percentage, else absent.
	Percent int `json:"percent,omitempty"`
	// FixedAmount is what a fixed discount takes off, else absent.
	FixedAmount *money.Money `json:"fixedAmount,omitempty"`
	// Provider is the code of the plugin that offers it.
	Provider string `json:"provider"`
	// Conditions must hold for the discount to count.
	Conditions Conditions `json:"conditions"`
}

// Conditions limits a discount.
type Conditions struct {
	// MinAmount is the least subtotal for which the discount counts, in its own
	// currency; absent when there is no minimum.
	MinAmount *money.Money `json:"minAmount,omitempty"`
}

// AppliedDiscount is a discount that counts for a cart.
type AppliedDiscount struct {
	Discount
	// Amount is what it takes off this cart, never negative.
	Amount money.Money `json:"amount"`
}
