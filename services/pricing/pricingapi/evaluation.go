package pricingapi

import (
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// EvaluateDiscountsRequest is a cart and the codes that were entered for it.
type EvaluateDiscountsRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that sells"`
	// Currency is the cart's, and that of every price in it; required.
	Currency money.Currency `json:"currency" schema:"required" doc:"the currency of the cart, such as USD"`
	// Lines is what is in the cart, at least one.
	Lines []Line `json:"lines" schema:"minItems=1"`
	// AppliedDiscountCodes are the codes in the order in which they were
	// entered; blanks around them, case and repetition do not matter.
	AppliedDiscountCodes []string `json:"appliedDiscountCodes,omitempty" items:"required"`
}

// Line is one line of a cart.
type Line struct {
	// LineID is the caller's name for the line, unique in the cart; required.
	LineID string `json:"lineId" schema:"required" doc:"the caller's name for the line"`
	// Quantity is how many, at least 1.
	Quantity int64 `json:"quantity" schema:"minimum=1"`
	// Unit is what is bought.
	Unit Unit `json:"unit"`
}

// Unit is what a line is about.
type Unit struct {
	// ID is the id of what is bought; required.
	ID string `json:"id" schema:"required" doc:"the id of what is bought"`
	// Price of one, not negative, in the cart's currency; required.
	Price money.Money `json:"price" schema:"required" doc:"an amount with its currency"`
	// CompareAtPrice is the former price of one, in the cart's currency.
	CompareAtPrice *money.Money `json:"compareAtPrice,omitempty"`
	// SKU is the stock-keeping unit.
	SKU string `json:"sku,omitempty"`
}

// EvaluateDiscountsResponse is what the codes take off.
// Total = Subtotal - DiscountTotal, and DiscountTotal is the sum of the amounts
// in AggregatedDiscounts.
type EvaluateDiscountsResponse struct {
	// AggregatedDiscounts are the discounts that count, in the order of the
	// codes. Each is counted on the whole subtotal; together they take off the
	// subtotal at most, so that the last ones may give less, down to zero.
	AggregatedDiscounts []AppliedDiscount `json:"aggregatedDiscounts"`
	// LineDiscounts are the discounts of single lines by line id. No provider
	// offers any, so it is empty.
	LineDiscounts map[string][]AppliedDiscount `json:"lineDiscounts"`
	// Subtotal is the sum of price times quantity.
	Subtotal money.Money `json:"subtotal"`
	// DiscountTotal is what is taken off, at most Subtotal.
	DiscountTotal money.Money `json:"discountTotal"`
	// Total is what is left to pay, never negative.
	Total money.Money `json:"total"`
	// Warnings tell which codes do not count, and why.
	Warnings []appsapi.Warning `json:"warnings"`
}
