package paymentsapi

import "slices"

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
