package paymentsapi

import (
	"slices"

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
	// Warnings say what is missing from the list.
	Warnings []appsapi.Warning `json:"warnings"`
}

// Flow says when and where the money changes hands.
type Flow string

// The flows there are.
const (
	// Online: through the provider, before the order is sent.
	Online Flow = "ONLINE"
	// Offline: outside of the shop, such as by a bank transfer.
	Offline Flow = "OFFLINE"
	// OnDelivery: to the carrier, with the goods.
	OnDelivery Flow = "ON_DELIVERY"
)

// PaymentMethod is one way to pay.
type PaymentMethod struct {
	// Code names the method among those of all providers: "provider:code".
	Code string `json:"code"`
	// Provider is the code of the plugin that offers it.
	Provider string `json:"provider"`
	// Flow says when the money changes hands.
	Flow Flow `json:"flow"`
	// Metadata is for the storefront, as the provider likes.
	Metadata map[string]string `json:"metadata"`
	// Constraints limit where the method can be chosen.
	Constraints Constraints `json:"constraints"`
}

// Constraints limit where a payment method can be chosen.
type Constraints struct {
	// ShippingMethodCodes are the shipping methods it goes with, each
	// "provider:code"; empty means all.
	ShippingMethodCodes []string `json:"shippingMethodCodes"`
}

// Allow reports whether a payment method with these constraints goes with the
// shipping method, "provider:code".
func (c Constraints) Allow(shippingMethod string) bool {
	return len(c.ShippingMethodCodes) == 0 || slices.Contains(c.ShippingMethodCodes, shippingMethod)
}
