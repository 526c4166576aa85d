package pricing_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// fakeApps answers apps.execute with what a test puts into it.
type fakeApps struct {
	discounts []plugin.Discount
	warnings  []appsapi.Warning
	err       error
	// hang keeps every call until its deadline.
	hang bool

	mu     sync.Mutex
	rounds []appsapi.ExecuteRequest
}

func (f *fakeApps) execute(ctx context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	f.mu.Lock()
	f.rounds = append(f.rounds, req)
	f.mu.Unlock()
	if f.hang {
		<-ctx.Done()
		return appsapi.ExecuteResponse{}, ctx.Err()
	}
	if f.err != nil {
		return appsapi.ExecuteResponse{}, f.err
	}
	data := make([]json.RawMessage, len(f.discounts))
	for i, discount := range f.discounts {
		item, err := json.Marshal(discount)
		if err != nil {
			return appsapi.ExecuteResponse{}, err
		}
		data[i] = item
	}
	return appsapi.ExecuteResponse{Data: data, Warnings: f.warnings}, nil
}

// shop is the service on a strict bus, and a caller's view of it.
type shop struct {
	node   *bus.Node
	caller *bus.Bus
	apps   *fakeApps
}

func open(t *testing.T, apps *fakeApps) *shop {
	t.Helper()
	return openWith(t, apps, pricing.DefaultConfig())
}

func openWith(t *testing.T, apps *fakeApps, config pricing.Config) *shop {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	node := membus.New(bus.Options{Strict: true, Logger: log})
	if apps != nil {
		appsapi.Execute.Handle(node.View("apps"), apps.execute)
	}
	pricing.New(node.View("pricing"), log, config)
	if err := node.Check(); err != nil {
		t.Fatal(err)
	}
	return &shop{node: node, caller: node.View("storefront"), apps: apps}
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

func codesOf(warnings []pricingapi.Warning) []pricingapi.WarningCode {
	codes := []pricingapi.WarningCode{}
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
