package plugin

import "github.com/shopanaio/orchestrator/money"

// ListDiscounts asks the providers of the domain pricing which discounts a
// customer can get.
var ListDiscounts = NewOperation[DiscountQuery, Discount](Pricing, "list", "discounts")

// DiscountQuery asks for every discount; there is nothing to narrow yet.
type DiscountQuery struct{}

// DiscountType says how a discount is counted.
type DiscountType string

// The types of discounts there are.
const (
	// Percentage takes Percent of the subtotal off.
	Percentage DiscountType = "percentage"
	// Fixed takes Amount off.
	Fixed DiscountType = "fixed"
)

// Discount is one discount that a code gives.
type Discount struct {
	// Code is what the customer types, as it is to be shown.
	Code string `json:"code"`
	// Type says which of Percent and Amount counts.
	Type DiscountType `json:"type"`
	// Percent is whole percents, 1 to 100; 0 for a fixed discount.
	Percent int `json:"percent,omitempty"`
	// Amount is what a fixed discount takes off; nil for a percentage.
	Amount *money.Money `json:"amount,omitempty"`
	// Provider is the code of the plugin that offers it.
	Provider string `json:"provider"`
	// Conditions must hold for the discount to count.
	Conditions DiscountConditions `json:"conditions"`
}

// Validate refuses an amount whose currency does not exist: nobody could read it.
func (d Discount) Validate() error {
	return Invalid(append(amountMistakes("amount", d.Amount), amountMistakes("conditions.minAmount", d.Conditions.MinAmount)...)...)
}

// amountMistakes is about an amount that may be nil, or zero and without a currency.
func amountMistakes(field string, amount *money.Money) []FieldError {
	if amount == nil || *amount == (money.Money{}) {
		return nil
	}
	if err := amount.Validate(); err != nil {
		return []FieldError{{Field: field, Rule: "enum", Message: err.Error()}}
	}
	return nil
}

// DiscountConditions limits a discount.
type DiscountConditions struct {
	// MinAmount is the smallest subtotal, in its own currency; nil for none.
	MinAmount *money.Money `json:"minAmount,omitempty"`
}
