package pricingapi_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// richRequest uses every field that is a reference.
func richRequest() pricingapi.EvaluateDiscountsRequest {
	before := money.Of(120_00, "USD")
	return pricingapi.EvaluateDiscountsRequest{
		ProjectID: "demo",
		Currency:  "USD",
		Lines: []pricingapi.Line{{LineID: "1", Quantity: 1, Unit: pricingapi.Unit{
			ID: "sku-1", Price: money.Of(100_00, "USD"), CompareAtPrice: &before,
		}}},
		AppliedDiscountCodes: []string{"WELCOME10"},
	}
}

func richResponse() pricingapi.EvaluateDiscountsResponse {
	from, five := money.Of(100_00, "USD"), money.Of(5_00, "USD")
	applied := pricingapi.AppliedDiscount{
		Discount: pricingapi.Discount{Code: "FIVE", Type: pricingapi.Fixed, FixedAmount: &five,
			Conditions: pricingapi.Conditions{MinAmount: &from}},
		Amount: five,
	}
	return pricingapi.EvaluateDiscountsResponse{
		AggregatedDiscounts: []pricingapi.AppliedDiscount{applied},
		LineDiscounts:       map[string][]pricingapi.AppliedDiscount{"1": {applied}},
		Subtotal:            money.Of(100_00, "USD"), DiscountTotal: five, Total: money.Of(95_00, "USD"),
		Warnings: []appsapi.Warning{{Code: pricingapi.DiscountNotFound}},
	}
}

func scribbleOnRequest(r pricingapi.EvaluateDiscountsRequest) {
	r.Lines[0].Quantity = 99
	*r.Lines[0].Unit.CompareAtPrice = money.Of(1, "EUR")
	r.AppliedDiscountCodes[0] = "CHANGED"
}

func scribbleOnResponse(r pricingapi.EvaluateDiscountsResponse) {
	*r.AggregatedDiscounts[0].FixedAmount = money.Of(1, "EUR")
	*r.AggregatedDiscounts[0].Conditions.MinAmount = money.Of(1, "EUR")
	r.AggregatedDiscounts[0].Code = "CHANGED"
	r.LineDiscounts["1"][0].Code = "CHANGED"
	r.LineDiscounts["2"] = nil
	r.Warnings[0].Code = "CHANGED"
}

// Caller and service share no memory: what one side does to what it holds, the
// other one never sees, whether values are copied or go through the codec.
func TestCallerAndServiceShareNoMemory(t *testing.T) {
	for _, strict := range []bool{false, true} {
		node := membus.New(bus.Options{Strict: strict})
		kept := richResponse()
		pricingapi.EvaluateDiscounts.Handle(node.View("pricing"),
			func(_ context.Context, req pricingapi.EvaluateDiscountsRequest) (pricingapi.EvaluateDiscountsResponse, error) {
				if diff := cmp.Diff(richRequest(), req); diff != "" {
					t.Errorf("strict=%v: the request arrived changed (-want +got):\n%s", strict, diff)
				}
				scribbleOnRequest(req)
				return kept, nil
			})
		if err := node.Check(); err != nil {
			t.Fatal(err)
		}
		req := richRequest()
		for range 2 {
			res, err := pricingapi.EvaluateDiscounts.Call(t.Context(), node.View("storefront"), req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(richResponse(), res); diff != "" {
				t.Errorf("strict=%v: the response arrived changed (-want +got):\n%s", strict, diff)
			}
			scribbleOnResponse(res)
		}
		if diff := cmp.Diff(richRequest(), req); diff != "" {
			t.Errorf("strict=%v: the handler changed the caller's request (-want +got):\n%s", strict, diff)
		}
		if diff := cmp.Diff(richResponse(), kept); diff != "" {
			t.Errorf("strict=%v: the caller changed what the service holds (-want +got):\n%s", strict, diff)
		}
	}
}
