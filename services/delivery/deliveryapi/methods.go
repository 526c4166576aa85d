package deliveryapi

import (
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// ShippingMethods lists how a project can ship. When the providers cannot be
// asked the list is empty, with one INTERNAL_ERROR warning.
var ShippingMethods = bus.NewAction[ShippingMethodsRequest, ShippingMethodsResponse]("delivery.shippingMethods", bus.Idempotent()).
	Doc("List how a project can ship.").
	Example(ShippingMethodsRequest{ProjectID: "demo"})

// ShippingMethodsRequest says whose methods to list.
type ShippingMethodsRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that ships"`
}

// ShippingMethodsResponse holds the methods.
type ShippingMethodsResponse struct {
	// Methods are ordered by the priority of their providers, then as each
	// provider lists them.
	Methods []ShippingMethod `json:"methods"`
	// Warnings say what is missing from the list.
	Warnings []appsapi.Warning `json:"warnings"`
}

// MethodType is the kind of a delivery.
type MethodType string

// The kinds of delivery there are.
const (
	// Shipping: a carrier brings the goods.
	Shipping MethodType = "SHIPPING"
	// Pickup: the customer comes for them.
	Pickup MethodType = "PICKUP"
	// None: there is nothing to bring.
	None MethodType = "NONE"
)

// PaymentModel says who is paid for the shipping.
type PaymentModel string

// The models there are.
const (
	// MerchantCollected: the shop, together with the order.
	MerchantCollected PaymentModel = "MERCHANT_COLLECTED"
	// CarrierDirect: the carrier, by the customer.
	CarrierDirect PaymentModel = "CARRIER_DIRECT"
)

// ShippingMethod is one way to ship.
type ShippingMethod struct {
	// Code names the method among those of all providers: "provider:code".
	Code string `json:"code"`
	// Provider is the code of the plugin that offers it.
	Provider string `json:"provider"`
	// DeliveryMethodType is the kind of delivery.
	DeliveryMethodType MethodType `json:"deliveryMethodType"`
	// ShippingPaymentModel says who is paid for it.
	ShippingPaymentModel PaymentModel `json:"shippingPaymentModel"`
}
