package pricingapi

import (
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// GetAllDiscounts lists every discount that the providers of a project offer.
// When they cannot be asked the list is empty, with one INTERNAL_ERROR warning.
var GetAllDiscounts = bus.NewAction[GetAllDiscountsRequest, GetAllDiscountsResponse]("pricing.getAllDiscounts", bus.Idempotent()).
	Doc("List the discounts a project offers.").
	Example(GetAllDiscountsRequest{ProjectID: "demo"})

// ValidateDiscount says whether a code names a discount, whatever the cart:
// conditions are shown, not checked. A failing provider is ErrProvidersUnavailable
// unless another one knows the code, so that "there is no such code" and "nobody
// knows just now" are never confused.
var ValidateDiscount = bus.NewAction[ValidateDiscountRequest, ValidateDiscountResponse]("pricing.validateDiscount", bus.Idempotent()).
	Doc("Tell whether a code names a discount, in whatever case it was typed.").
	Example(ValidateDiscountRequest{ProjectID: "demo", Code: "welcome10"})

// GetAllDiscountsRequest says whose discounts to list.
type GetAllDiscountsRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that sells"`
}

// GetAllDiscountsResponse holds the discounts of a project.
type GetAllDiscountsResponse struct {
	// Discounts are ordered by the priority of their providers, then as each
	// provider lists them.
	Discounts []Discount `json:"discounts"`
	// Warnings say what is missing from the list.
	Warnings []appsapi.Warning `json:"warnings"`
}

// ValidateDiscountRequest names a code to look up.
type ValidateDiscountRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that sells"`
	// Code is what the customer typed; surrounding blanks and case do not
	// matter. Required.
	Code string `json:"code" schema:"required" doc:"the code to look up"`
}

// ValidateDiscountResponse tells what a code is.
type ValidateDiscountResponse struct {
	// Valid reports whether the code names a discount.
	Valid bool `json:"valid"`
	// Code is the code as its provider writes it when it is valid, else as it
	// was typed, without blanks around it.
	Code string `json:"code"`
	// Discount is what the code gives; absent when it is not valid.
	Discount *Discount `json:"discount,omitempty"`
	// Reason says why the code is not valid; absent when it is.
	Reason Reason `json:"reason,omitempty"`
	// Warnings say what went wrong beside the answer.
	Warnings []appsapi.Warning `json:"warnings"`
}

// Reason says why a code is not valid.
type Reason string

// ReasonNotFound says that every provider answered, and none has such a code.
const ReasonNotFound Reason = "NOT_FOUND"

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

// DiscountInvalid is the code of a warning: a provider offers something that is no
// discount, such as 0 percent; it is left out.
const DiscountInvalid appsapi.WarningCode = "DISCOUNT_INVALID"
