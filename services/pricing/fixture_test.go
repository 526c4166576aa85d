package pricing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// discounts answers apps.execute with these, and with warnings.
func discounts(offered []plugin.Discount, warnings ...appsapi.Warning) answer {
	return func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		data, err := plugin.ListDiscounts.Items(offered...)
		return appsapi.ExecuteResponse{Data: data, Warnings: warnings}, err
	}
}

// answer is what apps.execute does in a test.
type answer = func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error)

func fails(err error) answer {
	return func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{}, err
	}
}

// hangs keeps a call until its deadline.
func hangs(ctx context.Context, _ appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	<-ctx.Done()
	return appsapi.ExecuteResponse{}, ctx.Err()
}

// shop is the service on a strict bus, and a caller's view of it.
type shop struct {
	node   *bus.Node
	caller *bus.Bus
	apps   *bustest.Faked[appsapi.ExecuteRequest, appsapi.ExecuteResponse]
}

// open makes the service with apps that answer so, or none for nil.
func open(t *testing.T, apps answer) *shop {
	t.Helper()
	return openWith(t, apps, pricing.DefaultConfig())
}

func openWith(t *testing.T, apps answer, config pricing.Config) *shop {
	t.Helper()
	node := bustest.New(t)
	s := &shop{node: node, caller: node.View("storefront")}
	if apps != nil {
		s.apps = bustest.Fake(t, node, appsapi.Execute, apps)
	}
	if _, err := pricing.New(pricing.Params{Bus: node.View("pricing"), Log: bustest.Logger(t), Config: config}); err != nil {
		t.Fatal(err)
	}
	return s
}

// demoDiscounts are those of the plugin simple-promo.
func demoDiscounts() []plugin.Discount {
	return []plugin.Discount{
		percentage("WELCOME10", 10, money.Of(100_00, "USD")),
		percentage("SAVE50", 50, money.Of(300_00, "USD")),
	}
}

func percentage(code string, percent int, from money.Money) plugin.Discount {
	return plugin.Discount{
		Code: code, Type: plugin.Percentage, Percent: percent, Provider: "simple-promo",
		Conditions: plugin.DiscountConditions{MinAmount: &from},
	}
}

func fixed(code string, amount money.Money) plugin.Discount {
	return plugin.Discount{Code: code, Type: plugin.Fixed, Amount: &amount, Provider: "simple-promo"}
}

// cart is a request with one line at the price.
func cart(price money.Money, codes ...string) pricingapi.EvaluateDiscountsRequest {
	return pricingapi.EvaluateDiscountsRequest{
		ProjectID:            "demo",
		Currency:             price.Currency,
		Lines:                []pricingapi.Line{{LineID: "1", Quantity: 1, Unit: pricingapi.Unit{ID: "sku-1", Price: price}}},
		AppliedDiscountCodes: codes,
	}
}

func (s *shop) evaluate(t *testing.T, req pricingapi.EvaluateDiscountsRequest) pricingapi.EvaluateDiscountsResponse {
	t.Helper()
	res, err := pricingapi.EvaluateDiscounts.Call(t.Context(), s.caller, req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// amounts are the codes that count with what they take off.
func amounts(res pricingapi.EvaluateDiscountsResponse) map[string]string {
	got := map[string]string{}
	for _, applied := range res.AggregatedDiscounts {
		got[applied.Code] = applied.Amount.String()
	}
	return got
}

func codesOf(warnings []appsapi.Warning) []appsapi.WarningCode {
	codes := []appsapi.WarningCode{}
	for _, w := range warnings {
		codes = append(codes, w.Code)
	}
	return codes
}

// fieldsOf are the paths of an InvalidArgument error with the broken rules.
func fieldsOf(t *testing.T, err error) map[string]string {
	t.Helper()
	var invalid *bus.Error
	if !errors.As(err, &invalid) || invalid.Code != bus.InvalidArgument {
		t.Fatalf("error = %v, want InvalidArgument", err)
	}
	fields := map[string]string{}
	for _, field := range invalid.Fields() {
		fields[field.Field] = field.Rule
	}
	return fields
}
