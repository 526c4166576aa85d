package services_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
	"github.com/shopanaio/orchestrator/plugin"
	banktransfer "github.com/shopanaio/orchestrator/plugins/bank-transfer"
	"github.com/shopanaio/orchestrator/plugins/catalog"
	"github.com/shopanaio/orchestrator/plugins/meest"
	"github.com/shopanaio/orchestrator/plugins/novaposhta"
	simplepromo "github.com/shopanaio/orchestrator/plugins/simple-promo"
	"github.com/shopanaio/orchestrator/services/apps"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
	"github.com/shopanaio/orchestrator/services/inventory"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
	"github.com/shopanaio/orchestrator/services/payments"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// The services and providers of the variant dev, in the order in which it starts them. Go
// runs only what it imports, so this is the one list that is kept by hand; a test
// compares it with what the generator wrote.
var (
	devServices = []service.Definition{apps.Module, delivery.Module, inventory.Module, payments.Module, pricing.Module}
	devPlugins  = []plugin.Plugin{banktransfer.Plugin, catalog.Plugin, meest.Plugin, novaposhta.Plugin, simplepromo.Plugin}
)

// openShop runs dev on a strict bus, as development does, and returns the node with a
// caller's view.
func openShop(t testing.TB, change ...func(*bus.Options)) (*bus.Node, *bus.Bus) {
	t.Helper()
	node := bustest.New(t, change...)
	start(t, node, devServices, servicetest.Plugins(devPlugins...))
	return node, node.View("storefront")
}

func start(t testing.TB, node *bus.Node, services []service.Definition, options ...servicetest.Option) {
	t.Helper()
	for _, d := range services {
		servicetest.Start(t, d, append(options, servicetest.On(node))...)
	}
}

// What the variant dev links is in devServices: dev is what the demo data and the calls in
// the READMEs are about. One test says so, and the others go on with what there is.
func TestDevServicesAreThoseOfDev(t *testing.T) {
	var listed []string
	for _, d := range devServices {
		listed = append(listed, d.Name)
	}
	tree := os.DirFS("../orchestrator/cmd/dev")
	for _, name := range sources(t, tree, ".") {
		file, _ := parsed(t, tree, name)
		for _, spec := range file.Imports {
			_, service, ok := strings.Cut(strings.Trim(spec.Path.Value, `"`), "/orchestrator/services/")
			if ok && !slices.Contains(listed, service) {
				t.Errorf("services/%s is in the variant dev and not in devServices of services/demo_test.go: "+
					"add it there, so that its examples and its README are tried like the others", service)
			}
		}
	}
}

// Every action has a line for lists, and an example that works on the demo data
// without a warning.
func TestExamplesWorkOnDemoData(t *testing.T) {
	node, caller := openShop(t)
	for _, action := range node.Actions() {
		if action.Doc == "" || !action.Handled || len(action.Example) == 0 {
			t.Errorf("%s has no doc, handler or example: %+v", action.Name, action)
		}
		answer, err := node.CallJSON(t.Context(), caller, action.Name, action.Example)
		if err != nil {
			t.Errorf("%s: %v", action.Name, err)
			continue
		}
		var fields map[string]json.RawMessage
		err = json.Unmarshal(answer, &fields)
		if warnings, some := fields["warnings"]; err != nil || some && string(warnings) != "[]" {
			t.Errorf("%s answers %s, %v; want no warnings", action.Name, answer, err)
		}
	}
}

var (
	readmeCall   = regexp.MustCompile("(?m)^ *call ([a-zA-Z.]+) '(.*)'$")
	readmeAnswer = regexp.MustCompile("(?s)```json\n(.*?)```")
)

// The calls in the READMEs of the services of dev work as they stand there, and give
// what stands below.
func TestReadmeCallsWork(t *testing.T) {
	node, caller := openShop(t)
	open := map[string]bool{}
	for _, action := range node.Actions() {
		open[action.Service] = true
	}
	for name := range open {
		readme, err := os.ReadFile(name + "/README.md")
		if err != nil {
			t.Fatal(err)
		}
		call := readmeCall.FindSubmatch(readme)
		if call == nil {
			t.Errorf("%s/README.md has no call to try", name)
			continue
		}
		answer, err := node.CallJSON(t.Context(), caller, string(call[1]), call[2])
		if err != nil {
			t.Errorf("%s/README.md: %s: %v", name, call[1], err)
		}
		if shown := readmeAnswer.FindSubmatch(readme); shown != nil {
			if diff := cmp.Diff(decoded(t, shown[1]), decoded(t, answer)); diff != "" {
				t.Errorf("%s/README.md shows another answer (-shown +got):\n%s", name, diff)
			}
		} else if name == "pricing" {
			t.Errorf("%s/README.md shows no answer to its call", name)
		}
	}
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// Proves: P1, P2 with the real providers
func TestPaymentMethodsOfTheDemo(t *testing.T) {
	_, b := openShop(t)
	for currency, want := range map[money.Currency][]string{
		"":    {"novaposhta:cod_cash", "meest:cod_cash", "bank-transfer:bank_transfer"},
		"USD": {"novaposhta:cod_cash", "meest:cod_cash", "bank-transfer:bank_transfer"},
		"GBP": {"novaposhta:cod_cash", "meest:cod_cash"},
	} {
		res, err := paymentsapi.GetPaymentMethods.Call(t.Context(), b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo", Currency: currency})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, method := range res.Methods {
			got = append(got, method.Code)
			cash := method.Flow == paymentsapi.OnDelivery
			if limited := len(method.Constraints.ShippingMethodCodes) > 0; limited != cash {
				t.Errorf("%s is %s and goes with %q", method.Code, method.Flow, method.Constraints.ShippingMethodCodes)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("currency %q (-want +got):\n%s", currency, diff)
		}
	}
}

// Proves: D1 with the real providers; and that what delivery calls a method is
// what payments takes (P4)
func TestShippingMethodsOfTheDemo(t *testing.T) {
	_, b := openShop(t)
	res, err := deliveryapi.ShippingMethods.Call(t.Context(), b, deliveryapi.ShippingMethodsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	byProvider := map[string]int{}
	for _, method := range res.Methods {
		byProvider[method.Provider]++
		paid, err := paymentsapi.GetPaymentMethods.Call(t.Context(), b, paymentsapi.GetPaymentMethodsRequest{
			ProjectID: "demo", ShippingMethod: method.Code,
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{method.Provider + ":cod_cash", "bank-transfer:bank_transfer"}
		got := []string{}
		for _, m := range paid.Methods {
			got = append(got, m.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("payment methods with %s (-want +got):\n%s", method.Code, diff)
		}
	}
	if diff := cmp.Diff(map[string]int{"novaposhta": 2, "meest": 4}, byProvider); diff != "" {
		t.Errorf("methods (-want +got):\n%s", diff)
	}
}

// Proves: I1, I3 with the real providers
func TestOffersOfTheDemo(t *testing.T) {
	_, b := openShop(t)
	req := inventoryapi.GetOffersRequest{ProjectID: "demo", Currency: "UAH"}
	for i, product := range []string{"gift-card-50", "mug-blue", "nosuch", "mug-blue"} {
		req.Items = append(req.Items, inventoryapi.Item{LineID: string(rune('1' + i)), PurchasableID: product, Quantity: 1 + i})
	}
	res, err := inventoryapi.GetOffers.Call(t.Context(), b, req)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, offer := range res.Offers {
		got[offer.LineID] = offer.UnitPrice.String()
	}
	for _, warning := range res.Warnings {
		got[warning.LineID] = string(warning.Code)
	}
	want := map[string]string{
		"1": "CURRENCY_NOT_AVAILABLE", "2": "410.00 UAH", "3": "PRODUCT_NOT_FOUND", "4": "410.00 UAH",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("offers and warnings by line (-want +got):\n%s", diff)
	}
}

// Proves: G1, G2, G3, G7 with the real providers
func TestDiscountsOfTheDemo(t *testing.T) {
	_, b := openShop(t)
	all, err := pricingapi.GetAllDiscounts.Call(t.Context(), b, pricingapi.GetAllDiscountsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Discounts) != 2 || all.Discounts[0].Code != "WELCOME10" || all.Discounts[1].Code != "SAVE50" {
		t.Errorf("discounts = %+v, want WELCOME10 and SAVE50", all.Discounts)
	}
	valid, err := pricingapi.ValidateDiscount.Call(t.Context(), b, pricingapi.ValidateDiscountRequest{ProjectID: "demo", Code: " welcome10 "})
	if err != nil || !valid.Valid || valid.Code != "WELCOME10" {
		t.Errorf("welcome10 = %+v, %v; want it valid as WELCOME10", valid, err)
	}
	for subtotal, want := range map[int64]money.Money{
		99_99: money.Of(0, "USD"), 100_00: money.Of(10_00, "USD"), 333_33: money.Of(33_33+166_66, "USD"),
	} {
		res, err := pricingapi.EvaluateDiscounts.Call(t.Context(), b, pricingapi.EvaluateDiscountsRequest{
			ProjectID: "demo", Currency: "USD",
			Lines:                []pricingapi.Line{{LineID: "1", Quantity: 1, Unit: pricingapi.Unit{ID: "x", Price: money.Of(subtotal, "USD")}}},
			AppliedDiscountCodes: []string{"WELCOME10", "SAVE50"},
		})
		if err != nil || res.DiscountTotal != want {
			t.Errorf("%d minor units: discount %s, %v; want %s", subtotal, res.DiscountTotal, err, want)
		}
	}
}

// Who calls whom is what the generator derives: each service asks apps, once.
func TestEdgesOfAnEvaluation(t *testing.T) {
	node, b := openShop(t)
	if _, err := node.CallJSON(t.Context(), b, "pricing.evaluateDiscounts",
		[]byte(`{"projectId":"demo","currency":"USD","lines":[{"lineId":"1","quantity":1,"unit":{"id":"x","price":{"amount":10000,"currency":"USD"}}}],"appliedDiscountCodes":["WELCOME10","SAVE50","NOSUCH"]}`)); err != nil {
		t.Fatal(err)
	}
	got := map[string]uint64{}
	for _, edge := range node.Stats() {
		got[edge.Caller+" "+edge.Action] += edge.Requests[bus.OK]
	}
	want := map[string]uint64{"storefront pricing.evaluateDiscounts": 1, "pricing apps.execute": 1}
	for edge, n := range got {
		if n == 0 {
			delete(got, edge)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls by edge (-want +got):\n%s", diff)
	}
}
