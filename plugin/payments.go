package plugin

import "github.com/shopanaio/orchestrator/money"

// ListPaymentMethods asks the providers of the domain payments what a customer
// can pay with.
var ListPaymentMethods = NewOperation[PaymentQuery, PaymentMethod](Payments, "list", "payment methods")

// PaymentQuery narrows the payment methods.
type PaymentQuery struct {
	// Currency of the payment; empty asks for every method.
	Currency money.Currency `json:"currency,omitempty"`
}

// Validate refuses a currency that does not exist.
func (q PaymentQuery) Validate() error { return Invalid(currencyMistakes(q.Currency)...) }

func currencyMistakes(currency money.Currency) []FieldError {
	if currency == "" {
		return nil
	}
	if err := currency.Validate(); err != nil {
		return []FieldError{{Field: "currency", Rule: "enum", Message: err.Error()}}
	}
	return nil
}

// PaymentFlow says when and where the money changes hands.
type PaymentFlow string

// The payment flows there are.
const (
	// Online: through the provider, before the order is sent.
	Online PaymentFlow = "ONLINE"
	// Offline: outside of the shop, such as by a bank transfer.
	Offline PaymentFlow = "OFFLINE"
	// OnDelivery: to the carrier, with the goods.
	OnDelivery PaymentFlow = "ON_DELIVERY"
)

// PaymentMethod is one way to pay.
type PaymentMethod struct {
	// Code identifies the method within its provider.
	Code string `json:"code"`
	// Provider is the code of the plugin that offers it.
	Provider string `json:"provider"`
	// Flow says when the money changes hands.
	Flow PaymentFlow `json:"flow"`
	// Metadata is for the storefront, as the provider likes; may be empty.
	Metadata map[string]string `json:"metadata"`
	// Constraints limits where the method can be chosen.
	Constraints PaymentConstraints `json:"constraints"`
}

// PaymentConstraints limits a payment method.
type PaymentConstraints struct {
	// ShippingMethodCodes are the shipping methods the payment method goes
	// with, each written as by [Ref]; empty allows all.
	ShippingMethodCodes []string `json:"shippingMethodCodes"`
}

// Ref names a provider's method among those of all providers:
// "provider:code".
func Ref(provider, code string) string { return provider + ":" + code }
