package plugin_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

// expectSame wants the results back from their items, and the JSON of the items to be
// that of the results, whichever way they go.
func expectSame[In, Out any](t *testing.T, o plugin.Operation[In, Out], results ...Out) {
	t.Helper()
	items, err := o.Items(results...)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.Results(items); err != nil || !reflect.DeepEqual(got, results) {
		t.Errorf("%s gives %+v, %v; want %+v", o, got, err, results)
	}
	want, _ := json.Marshal(results)
	written, err := json.Marshal(items)
	if err != nil || string(written) != string(want) {
		t.Errorf("%s is written as %s, %v; want %s", o, written, err, want)
	}
	var arrived []plugin.Item
	if err := json.Unmarshal(written, &arrived); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Results(arrived); err != nil || !reflect.DeepEqual(got, results) {
		t.Errorf("%s gives %+v from another process, %v; want %+v", o, got, err, results)
	}
}

func TestItemsAreWhatTheyWereMadeOf(t *testing.T) {
	five := money.Of(5_00, "USD")
	expectSame(t, plugin.ListDiscounts, plugin.Discount{Code: "A", Type: plugin.Percentage, Percent: 5},
		plugin.Discount{Code: "B", Type: plugin.Fixed, Amount: &five, Conditions: plugin.DiscountConditions{MinAmount: &five}})
	expectSame(t, plugin.GetOffers, plugin.Offer{PurchasableID: "mug", UnitPrice: five, ProviderPayload: json.RawMessage(`{"a":1}`)})
	expectSame(t, plugin.ListShippingMethods, plugin.ShippingMethod{Code: "doors", Provider: "meest"})
	expectSame(t, plugin.ListPaymentMethods, plugin.PaymentMethod{Code: "cash", Metadata: map[string]string{"at": "door"},
		Constraints: plugin.PaymentConstraints{ShippingMethodCodes: []string{"meest:doors"}}})
	expectSame(t, quotes, quoted{Price: five, Rate: 1})
}

func TestItemWithoutResult(t *testing.T) {
	if written, err := json.Marshal(plugin.Item{}); err != nil || string(written) != "null" {
		t.Errorf("an empty item is written as %s, %v", written, err)
	}
	if _, err := plugin.ListDiscounts.Results([]plugin.Item{{JSON: json.RawMessage(`{"percent":"five"}`)}}); err == nil ||
		!strings.Contains(err.Error(), "result 0 of pricing.list is not a plugin.Discount") {
		t.Errorf("got %v", err)
	}
	shipping, err := plugin.ListShippingMethods.Items(plugin.ShippingMethod{Code: "doors", Provider: "meest"})
	if err != nil {
		t.Fatal(err)
	}
	if paid, err := plugin.ListPaymentMethods.Results(shipping); err != nil || paid[0].Code != "doors" {
		t.Errorf("read as what it is not, an item gives what the JSON has: got %+v, %v", paid, err)
	}
}

// What its reader could not read, or could not write on, is the mistake of the provider.
func TestResultsThatNobodyCanReadAreRefused(t *testing.T) {
	wrong := money.Of(1, "usd")
	for field, err := range map[string]error{
		"amount":                refused(plugin.ListDiscounts.Items(plugin.Discount{Amount: &wrong})),
		"conditions.minAmount":  refused(plugin.ListDiscounts.Items(plugin.Discount{Conditions: plugin.DiscountConditions{MinAmount: &wrong}})),
		"unitPrice":             refused(plugin.GetOffers.Items(plugin.Offer{UnitPrice: wrong})),
		"unitCompareAtPrice":    refused(plugin.GetOffers.Items(plugin.Offer{UnitCompareAtPrice: &wrong})),
		"providerPayload":       refused(plugin.GetOffers.Items(plugin.Offer{ProviderPayload: json.RawMessage(`{`)})),
		"snapshot.data":         refused(plugin.GetOffers.Items(plugin.Offer{Snapshot: plugin.OfferSnapshot{Data: json.RawMessage(`x`)}})),
		"result 1 of inventory": refused(plugin.GetOffers.Items(plugin.Offer{}, plugin.Offer{UnitPrice: wrong})),
	} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("got %v, want an error about %s", err, field)
		}
	}
}

func refused(_ []plugin.Item, err error) error { return err }
