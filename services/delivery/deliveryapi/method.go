package deliveryapi

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
