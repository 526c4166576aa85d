package delivery_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// A service needs a bus and somebody who answers for the services it calls; no
// process, no container.
func Example() {
	node := membus.New(bus.Options{})
	appsapi.Execute.Handle(node.View("apps"), func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"code":"doors_doors","provider":"meest","deliveryMethodType":"SHIPPING","shippingPaymentModel":"MERCHANT_COLLECTED"}`)}}}, nil
	})
	_, err := delivery.New(delivery.Params{Bus: node.View("delivery"), Log: slog.New(slog.DiscardHandler), Config: delivery.DefaultConfig()})
	if err != nil {
		panic(err)
	}

	res, err := deliveryapi.CreateDeliveryGroups.Call(context.Background(), node.View("checkout"),
		deliveryapi.CreateDeliveryGroupsRequest{ProjectID: "demo", Items: []deliveryapi.Item{
			{Ref: "mug", IsPhysical: true}, {Ref: "gift card"},
		}})
	if err != nil {
		panic(err)
	}
	fmt.Println(res.Groups[0].Refs, res.Groups[0].Methods[0].Code)
	// Output: [mug] meest:doors_doors
}
