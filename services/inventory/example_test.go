package inventory_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// A service needs a bus and somebody who answers for the services it calls; no
// process, no container.
func Example() {
	node := membus.New(bus.Options{})
	appsapi.Execute.Handle(node.View("apps"), func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"purchasableId":"mug","unitPrice":{"amount":1000,"currency":"USD"},"isAvailable":true}`)}}}, nil
	})
	_, err := inventory.New(inventory.Params{Bus: node.View("inventory"), Log: slog.New(slog.DiscardHandler), Config: inventory.DefaultConfig()})
	if err != nil {
		panic(err)
	}

	res, err := inventoryapi.GetOffers.Call(context.Background(), node.View("checkout"), inventoryapi.GetOffersRequest{
		ProjectID: "demo", Currency: "USD", Items: []inventoryapi.Item{
			{LineID: "1", PurchasableID: "nosuch", Quantity: 1},
			{LineID: "2", PurchasableID: "mug", Quantity: 1},
		}})
	if err != nil {
		panic(err)
	}
	fmt.Println(res.Offers[0].LineID, res.Offers[0].UnitPrice)
	fmt.Println(res.Warnings[0].LineID, res.Warnings[0].Code)
	// Output:
	// 2 10.00 USD
	// 1 PRODUCT_NOT_FOUND
}
