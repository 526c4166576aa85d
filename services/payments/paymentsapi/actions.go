package paymentsapi

import (
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// GetPaymentMethods lists what a customer can pay with. When the providers
// cannot be asked the list is empty, with one INTERNAL_ERROR warning.
var GetPaymentMethods = bus.NewAction[GetPaymentMethodsRequest, GetPaymentMethodsResponse]("payments.getPaymentMethods", bus.Idempotent()).
	Doc("List what a customer can pay with.").
	Example(GetPaymentMethodsRequest{ProjectID: "demo", Currency: "USD"})

// GetPaymentMethodsRequest says for what the methods are wanted.
type GetPaymentMethodsRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that sells"`
	// Currency of the payment; methods that do not take it are left out. Empty
	// asks for the methods of all currencies.
	Currency money.Currency `json:"currency,omitempty"`
	// ShippingMethod is the chosen one, "provider:code"; methods that do not go
	// with it are left out. Empty leaves none out.
	ShippingMethod string `json:"shippingMethod,omitempty" schema:"pattern=^[^:]+:[^:]+$" doc:"written as provider:code, such as novaposhta:warehouse_doors"`
}

// GetPaymentMethodsResponse holds the methods.
type GetPaymentMethodsResponse struct {
	// Methods are ordered by the priority of their providers, then as each
	// provider lists them.
	Methods []PaymentMethod `json:"methods"`
	// Warnings tell what is missing from the list.
	Warnings []appsapi.Warning `json:"warnings"`
}
