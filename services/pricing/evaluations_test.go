package pricing_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// Proves: G3
func TestMinimumAmount(t *testing.T) {
	s := open(t, discounts(demoDiscounts()))

	below := s.evaluate(t, cart(money.Of(99_99, "USD"), "WELCOME10"))
	if diff := cmp.Diff(map[string]string{}, amounts(below)); diff != "" {
		t.Errorf("at 99.99 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]appsapi.WarningCode{pricingapi.MinAmountNotReached}, codesOf(below.Warnings)); diff != "" {
		t.Errorf("warnings at 99.99 (-want +got):\n%s", diff)
	}
	if below.Total != money.Of(99_99, "USD") || below.DiscountTotal != money.Of(0, "USD") {
		t.Errorf("at 99.99: total %s, discount %s", below.Total, below.DiscountTotal)
	}

	reached := s.evaluate(t, cart(money.Of(100_00, "USD"), "WELCOME10"))
	if diff := cmp.Diff(map[string]string{"WELCOME10": "10.00 USD"}, amounts(reached)); diff != "" {
		t.Errorf("at 100.00 (-want +got):\n%s", diff)
	}
	if reached.Subtotal != money.Of(100_00, "USD") || reached.Total != money.Of(90_00, "USD") || len(reached.Warnings) > 0 {
		t.Errorf("at 100.00: %+v", reached)
	}
}

// Proves: G4
func TestConditionInAnotherCurrencyIsRefused(t *testing.T) {
	s := open(t, discounts(append(demoDiscounts(), fixed("FIVE", money.Of(5_00, "USD")))))
	res := s.evaluate(t, cart(money.Of(500_000_00, "UAH"), "WELCOME10", "FIVE"))
	if diff := cmp.Diff(map[string]string{}, amounts(res)); diff != "" {
		t.Errorf("discounts (-want +got):\n%s", diff)
	}
	want := []appsapi.WarningCode{pricingapi.CurrencyMismatch, pricingapi.CurrencyMismatch}
	if diff := cmp.Diff(want, codesOf(res.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if w := res.Warnings[0]; w.Subject != "WELCOME10" || w.Provider != "simple-promo" {
		t.Errorf("the warning does not say what it is about: %+v", w)
	}
}

// Proves: G6
func TestOneRoundForAllCodes(t *testing.T) {
	s := open(t, discounts(demoDiscounts()))
	s.evaluate(t, cart(money.Of(500_00, "USD"), "WELCOME10", "SAVE50", "NOSUCH"))
	if got := len(s.apps.Calls()); got != 1 {
		t.Errorf("three codes took %d rounds to the providers, want 1", got)
	}
	want := appsapi.ExecuteRequest{ProjectID: "demo", Domain: "pricing", Operation: "list"}
	if diff := cmp.Diff(want, s.apps.Calls()[0]); diff != "" {
		t.Errorf("the round (-want +got):\n%s", diff)
	}
	s.evaluate(t, cart(money.Of(500_00, "USD")))
	if got := len(s.apps.Calls()); got != 1 {
		t.Errorf("a cart without codes took a round to the providers")
	}
}

// Proves: G7
func TestPercentagesAreRoundedDownEachOnTheSubtotal(t *testing.T) {
	s := open(t, discounts(demoDiscounts()))
	for _, codes := range [][]string{{"WELCOME10", "SAVE50"}, {"SAVE50", "WELCOME10"}} {
		res := s.evaluate(t, cart(money.Of(333_33, "USD"), codes...))
		want := map[string]string{"WELCOME10": "33.33 USD", "SAVE50": "166.66 USD"}
		if diff := cmp.Diff(want, amounts(res)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", codes, diff)
		}
		if res.DiscountTotal != money.Of(199_99, "USD") || res.Total != money.Of(133_34, "USD") {
			t.Errorf("%v: discount %s, total %s", codes, res.DiscountTotal, res.Total)
		}
		if res.AggregatedDiscounts[0].Code != codes[0] {
			t.Errorf("%v: the first discount is %s; want the order of the codes", codes, res.AggregatedDiscounts[0].Code)
		}
	}
}

// Proves: G8
func TestFixedDiscounts(t *testing.T) {
	s := open(t, discounts([]plugin.Discount{fixed("FIVE", money.Of(5_00, "USD"))}))
	for price, want := range map[int64]string{20_00: "5.00 USD", 5_00: "5.00 USD", 3_00: "3.00 USD", 0: "0.00 USD"} {
		res := s.evaluate(t, cart(money.Of(price, "USD"), "FIVE"))
		if diff := cmp.Diff(map[string]string{"FIVE": want}, amounts(res)); diff != "" {
			t.Errorf("at %d (-want +got):\n%s", price, diff)
		}
		if res.Total.IsNegative() {
			t.Errorf("at %d: total %s", price, res.Total)
		}
	}
}

// Proves: G9
func TestTogetherAtMostTheSubtotal(t *testing.T) {
	zero := money.Of(0, "USD")
	s := open(t, discounts([]plugin.Discount{
		percentage("A60", 60, zero), percentage("B60", 60, zero), percentage("C60", 60, zero),
	}))
	res := s.evaluate(t, cart(money.Of(100_00, "USD"), "A60", "B60", "C60"))
	want := map[string]string{"A60": "60.00 USD", "B60": "40.00 USD", "C60": "0.00 USD"}
	if diff := cmp.Diff(want, amounts(res)); diff != "" {
		t.Errorf("amounts (-want +got):\n%s", diff)
	}
	if res.Total != zero || res.DiscountTotal != res.Subtotal {
		t.Errorf("total %s, discount %s", res.Total, res.DiscountTotal)
	}
}

// Proves: G10
func TestLineDiscountsAreThereAndEmpty(t *testing.T) {
	s := open(t, discounts(nil))
	res := s.evaluate(t, cart(money.Of(1, "USD")))
	if res.LineDiscounts == nil || len(res.LineDiscounts) != 0 {
		t.Errorf("lineDiscounts = %#v, want an empty object", res.LineDiscounts)
	}
}

// Proves: G5
func TestEvaluationRefusesWithPaths(t *testing.T) {
	s := open(t, discounts(nil))
	good := func() pricingapi.EvaluateDiscountsRequest { return cart(money.Of(100_00, "USD"), "WELCOME10") }
	for name, tt := range map[string]struct {
		change func(*pricingapi.EvaluateDiscountsRequest)
		want   map[string]string
	}{
		"no project":       {func(r *pricingapi.EvaluateDiscountsRequest) { r.ProjectID = "" }, map[string]string{"projectId": "required"}},
		"no lines":         {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines = nil }, map[string]string{"lines": "minItems"}},
		"quantity 0":       {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines[0].Quantity = 0 }, map[string]string{"lines[0].quantity": "minimum"}},
		"no price":         {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines[0].Unit.Price = money.Money{} }, map[string]string{"lines[0].unit.price": "required"}},
		"negative price":   {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines[0].Unit.Price.Amount = -1 }, map[string]string{"lines[0].unit.price.amount": "minimum"}},
		"price in EUR":     {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines[0].Unit.Price.Currency = "EUR" }, map[string]string{"lines[0].unit.price.currency": "const"}},
		"no currency":      {func(r *pricingapi.EvaluateDiscountsRequest) { r.Currency = "" }, map[string]string{"currency": "required", "lines[0].unit.price.currency": "const"}},
		"unknown currency": {func(r *pricingapi.EvaluateDiscountsRequest) { r.Currency = "usd" }, map[string]string{"currency": "enum", "lines[0].unit.price.currency": "const"}},
		"no ids": {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines[0].LineID, r.Lines[0].Unit.ID = "", "" },
			map[string]string{"lines[0].lineId": "required", "lines[0].unit.id": "required"}},
		"same line twice": {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines = append(r.Lines, r.Lines[0]) },
			map[string]string{"lines[1].lineId": "unique"}},
		"former price in EUR": {func(r *pricingapi.EvaluateDiscountsRequest) {
			before := money.Of(1, "EUR")
			r.Lines[0].Unit.CompareAtPrice = &before
		}, map[string]string{"lines[0].unit.compareAtPrice.currency": "const"}},
		"blank code": {func(r *pricingapi.EvaluateDiscountsRequest) { r.AppliedDiscountCodes = []string{"A", " "} },
			map[string]string{"appliedDiscountCodes[1]": "required"}},
		"too large": {func(r *pricingapi.EvaluateDiscountsRequest) { r.Lines[0].Quantity = 1 << 62 },
			map[string]string{"lines[0]": "maximum"}},
		"too many codes": {func(r *pricingapi.EvaluateDiscountsRequest) {
			r.AppliedDiscountCodes = slices.Repeat([]string{"A"}, 21)
		},
			map[string]string{"appliedDiscountCodes": "maxItems"}},
	} {
		req := good()
		tt.change(&req)
		_, err := pricingapi.EvaluateDiscounts.Call(t.Context(), s.caller, req)
		if diff := cmp.Diff(tt.want, fieldsOf(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if len(s.apps.Calls()) > 0 {
		t.Errorf("requests that are not valid took %d rounds to the providers", len(s.apps.Calls()))
	}
}

// Over the wire, where a field can be absent, the paths are the same.
func TestMissingPriceInJSON(t *testing.T) {
	s := open(t, discounts(nil))
	_, err := s.node.CallJSON(t.Context(), s.caller, "pricing.evaluateDiscounts",
		[]byte(`{"projectId":"demo","currency":"USD","lines":[{"lineId":"1","quantity":1,"unit":{"id":"x"}}]}`))
	if diff := cmp.Diff(map[string]string{"lines[0].unit.price": "required"}, fieldsOf(t, err)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestCodesAreComparedAsTyped(t *testing.T) {
	s := open(t, discounts(demoDiscounts()))
	res := s.evaluate(t, cart(money.Of(200_00, "USD"), " welcome10", "Welcome10 ", "WELCOME10", "nosuch"))
	if diff := cmp.Diff(map[string]string{"WELCOME10": "20.00 USD"}, amounts(res)); diff != "" {
		t.Errorf("a repeated code must count once (-want +got):\n%s", diff)
	}
	want := []appsapi.Warning{{
		Code: pricingapi.DiscountNotFound, Message: `There is no discount with the code "nosuch".`, Subject: "nosuch",
	}}
	if diff := cmp.Diff(want, res.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestSubtotalIsPriceTimesQuantity(t *testing.T) {
	s := open(t, discounts(nil))
	req := cart(money.Of(19_99, "USD"))
	req.Lines[0].Quantity = 3
	req.Lines = append(req.Lines, pricingapi.Line{LineID: "2", Quantity: 2, Unit: pricingapi.Unit{ID: "sku-2", Price: money.Of(1, "USD")}})
	if got := s.evaluate(t, req).Subtotal; got != money.Of(59_99, "USD") {
		t.Errorf("subtotal = %s, want 59.99 USD", got)
	}
}

func TestCodeThatCouldNotBeChecked(t *testing.T) {
	s := open(t, discounts(demoDiscounts(), appsapi.Warning{Code: appsapi.ProviderError, Provider: "other", Message: "provider other failed"}))
	res := s.evaluate(t, cart(money.Of(200_00, "USD"), "WELCOME10", "THEIRS"))
	if diff := cmp.Diff(map[string]string{"WELCOME10": "20.00 USD"}, amounts(res)); diff != "" {
		t.Errorf("amounts (-want +got):\n%s", diff)
	}
	want := []appsapi.WarningCode{appsapi.ProviderError, pricingapi.DiscountNotChecked}
	if diff := cmp.Diff(want, codesOf(res.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestEvaluationWithoutProviders(t *testing.T) {
	s := open(t, fails(bus.Errorf(bus.Unavailable, "apps is down")))
	res := s.evaluate(t, cart(money.Of(200_00, "USD"), "WELCOME10"))
	if diff := cmp.Diff([]appsapi.WarningCode{appsapi.InternalError}, codesOf(res.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if res.AggregatedDiscounts == nil || len(res.AggregatedDiscounts) > 0 || res.Total != money.Of(200_00, "USD") || res.DiscountTotal != money.Of(0, "USD") {
		t.Errorf("response = %+v, want the cart at full price", res)
	}
}

func TestMaxCodesIsASetting(t *testing.T) {
	config := pricing.DefaultConfig()
	config.MaxCodes = 1
	s := openWith(t, discounts(demoDiscounts()), config)
	_, err := pricingapi.EvaluateDiscounts.Call(t.Context(), s.caller, cart(money.Of(1, "USD"), "A", "B"))
	if diff := cmp.Diff(map[string]string{"appliedDiscountCodes": "maxItems"}, fieldsOf(t, err)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// What a caller does to an answer is not seen by the next one.
func TestAnswersAreTheCallersOwn(t *testing.T) {
	s := open(t, discounts(demoDiscounts()))
	req := cart(money.Of(100_00, "USD"), "WELCOME10")
	first := s.evaluate(t, req)
	first.AggregatedDiscounts[0].Conditions.MinAmount.Amount = 0
	first.AggregatedDiscounts[0].Code = "CHANGED"
	first.LineDiscounts["1"] = first.AggregatedDiscounts
	second := s.evaluate(t, req)
	if got := second.AggregatedDiscounts[0]; got.Code != "WELCOME10" || got.Conditions.MinAmount.Amount != 100_00 || len(second.LineDiscounts) > 0 {
		t.Errorf("the second answer is %+v", second)
	}
}
