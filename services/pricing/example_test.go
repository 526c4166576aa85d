package pricing_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// A service needs a bus and somebody who answers for the services it calls; no
// process, no container.
func Example() {
	node := membus.New(bus.Options{})
	appsapi.Execute.Handle(node.View("apps"), func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"code":"WELCOME10","type":"percentage","percent":10,"provider":"simple-promo"}`)}}}, nil
	})
	_, err := pricing.New(pricing.Params{Bus: node.View("pricing"), Log: slog.New(slog.DiscardHandler), Config: pricing.DefaultConfig()})
	if err != nil {
		panic(err)
	}

	res, err := pricingapi.ValidateDiscount.Call(context.Background(), node.View("storefront"),
		pricingapi.ValidateDiscountRequest{ProjectID: "demo", Code: " welcome10 "})
	if err != nil {
		panic(err)
	}
	fmt.Println(res.Code, res.Valid)
	// Output: WELCOME10 true
}
