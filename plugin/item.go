package plugin

import (
	"encoding/json"
	"slices"
)

// Item is one result of an operation on its way from a provider to the service that
// asked. To everybody else it is the result's JSON, and it is nothing but that once it
// has been in another process. Within one process a result of the SDK's own operations
// stays the value that the provider gave, so that nobody writes and reads JSON: the bus
// copies it, as it copies every answer.
//
// One of the fields is set. Make items with [Operation.Items], and read them with
// [Operation.Results].
type Item struct {
	// JSON is a result of any other operation, or one that has come from another
	// process.
	JSON           json.RawMessage
	Discount       *Discount
	Offer          *Offer
	PaymentMethod  *PaymentMethod
	ShippingMethod *ShippingMethod
}

// newItem keeps what the result points to where Item has a field for it. A type that is
// forgotten here goes as JSON, which is slower and no different.
func newItem(result any) (Item, error) {
	switch result := result.(type) {
	case *Discount:
		return Item{Discount: result}, nil
	case *Offer:
		return Item{Offer: result}, nil
	case *PaymentMethod:
		return Item{PaymentMethod: result}, nil
	case *ShippingMethod:
		return Item{ShippingMethod: result}, nil
	}
	written, err := json.Marshal(result)
	return Item{JSON: written}, err
}

// held is what the item points to, as newItem kept it; nil when it is JSON.
func (i Item) held() any {
	switch {
	case i.Discount != nil:
		return i.Discount
	case i.Offer != nil:
		return i.Offer
	case i.PaymentMethod != nil:
		return i.PaymentMethod
	case i.ShippingMethod != nil:
		return i.ShippingMethod
	}
	return nil
}

// readItem puts the result into what result points to.
func readItem[Out any](i Item, result *Out) error {
	if held, ok := i.held().(*Out); ok {
		*result = *held
		return nil
	}
	written, err := i.MarshalJSON()
	if err != nil {
		return err
	}
	return json.Unmarshal(written, result)
}

// MarshalJSON writes the result itself; null for an item without one.
func (i Item) MarshalJSON() ([]byte, error) {
	if held := i.held(); held != nil {
		return json.Marshal(held)
	}
	return i.JSON.MarshalJSON()
}

// UnmarshalJSON keeps the JSON until somebody asks for what it says.
func (i *Item) UnmarshalJSON(data []byte) error {
	*i = Item{JSON: slices.Clone(data)}
	return nil
}
