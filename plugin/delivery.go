package plugin

// ListShippingMethods asks the providers of the domain delivery how goods can
// be shipped.
var ListShippingMethods = NewOperation[ShippingQuery, ShippingMethod](Delivery, "list", "shipping methods")

// ShippingQuery asks for every shipping method; there is nothing to narrow yet.
type ShippingQuery struct{}

// DeliveryMethodType is the kind of a delivery.
type DeliveryMethodType string

// The kinds of delivery there are.
const (
	// Shipping: a carrier brings the goods.
	Shipping DeliveryMethodType = "SHIPPING"
	// Pickup: the customer comes for them.
	Pickup DeliveryMethodType = "PICKUP"
	// NoDelivery: there is nothing to bring.
	NoDelivery DeliveryMethodType = "NONE"
)

// ShippingPaymentModel says who is paid for the shipping.
type ShippingPaymentModel string

// The models there are.
const (
	// MerchantCollected: the shop, together with the order.
	MerchantCollected ShippingPaymentModel = "MERCHANT_COLLECTED"
	// CarrierDirect: the carrier, by the customer.
	CarrierDirect ShippingPaymentModel = "CARRIER_DIRECT"
)

// ShippingMethod is one way to ship.
type ShippingMethod struct {
	// Code identifies the method within its provider.
	Code string `json:"code"`
	// Provider is the code of the plugin that offers it.
	Provider string `json:"provider"`
	// DeliveryMethodType is the kind of delivery.
	DeliveryMethodType DeliveryMethodType `json:"deliveryMethodType"`
	// ShippingPaymentModel says who is paid for it.
	ShippingPaymentModel ShippingPaymentModel `json:"shippingPaymentModel"`
}

// Ref names the method among those of all providers: "provider:code".
func (m ShippingMethod) Ref() string { return Ref(m.Provider, m.Code) }
