package pricingapi_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// A caller needs the contract and its own view of the bus. In a test it answers
// for the service itself.
func Example() {
	node := membus.New(bus.Options{})
	pricingapi.EvaluateDiscounts.Handle(node.View("pricing"),
		func(_ context.Context, req pricingapi.EvaluateDiscountsRequest) (pricingapi.EvaluateDiscountsResponse, error) {
			price := req.Lines[0].Unit.Price
			return pricingapi.EvaluateDiscountsResponse{Subtotal: price, Total: price}, nil
		})

	res, err := pricingapi.EvaluateDiscounts.Call(context.Background(), node.View("checkout"), pricingapi.EvaluateDiscountsRequest{
		ProjectID: "demo",
		Currency:  "USD",
		Lines:     []pricingapi.Line{{LineID: "1", Quantity: 1, Unit: pricingapi.Unit{ID: "sku-1", Price: money.Of(10000, "USD")}}},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(res.Total)
	// Output: 100.00 USD
}

func ExampleEvaluateDiscountsRequest_Validate() {
	err := pricingapi.EvaluateDiscountsRequest{
		ProjectID: "demo", Currency: "USD",
		Lines: []pricingapi.Line{{LineID: "1", Quantity: 1, Unit: pricingapi.Unit{ID: "sku-1", Price: money.Of(-100, "USD")}}},
	}.Validate()
	fmt.Println(err)
	// Output: the request is not valid: lines[0].unit.price.amount must not be negative (invalid_argument)
}
