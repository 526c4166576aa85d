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

// ValidateDiscount tells whether a code names a discount, whatever the cart:
// conditions are shown, not checked. A failing provider is ErrProvidersUnavailable
// unless another one knows the code, so that "there is no such code" and "nobody
// knows just now" are never confused.
var ValidateDiscount = bus.NewAction[ValidateDiscountRequest, ValidateDiscountResponse]("pricing.validateDiscount", bus.Idempotent()).
	Doc("Tell whether a code names a discount, in whatever case it was typed.").
	Example(ValidateDiscountRequest{ProjectID: "demo", Code: "welcome10"})

// EvaluateDiscounts counts what the codes of a cart take off. It asks the
// providers once, however many codes there are, and not at all without codes.
// A code that does not count (unknown, minimum not reached, other currency) is
// left out with a warning that says why.
var EvaluateDiscounts = bus.NewAction[EvaluateDiscountsRequest, EvaluateDiscountsResponse]("pricing.evaluateDiscounts", bus.Idempotent()).
	Doc("Count what the discount codes of a cart take off.").
	Example(EvaluateDiscountsRequest{
		ProjectID: "demo",
		Currency:  "USD",
		Lines: []Line{{
			LineID:   "1",
			Quantity: 1,
			Unit:     Unit{ID: "sku-1", Price: money.Of(10000, "USD")},
		}},
		AppliedDiscountCodes: []string{"WELCOME10"},
	})

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
	// Warnings tell what is missing from the list.
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
	// Warnings tell what went wrong beside the answer.
	Warnings []appsapi.Warning `json:"warnings"`
}

// Reason says why a code is not valid.
type Reason string

// ReasonNotFound says that every provider answered, and none has such a code.
const ReasonNotFound Reason = "NOT_FOUND"
