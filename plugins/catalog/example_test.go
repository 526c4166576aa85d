package catalog_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/plugins/catalog"
)

func Example() {
	ctx := context.Background()
	provider, err := catalog.Plugin.Open(ctx, plugin.NewConfig("demo", nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := provider.Run(ctx, plugin.Inventory, "getOffers", []byte(`{
		"currency": "EUR",
		"items": [{"purchasableId": "tshirt-white-m", "quantity": 2}, {"purchasableId": "mug-blue", "quantity": 1}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	offers, err := plugin.GetOffers.Results(reply.Data)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, offer := range offers {
		fmt.Println(offer.Snapshot.Title, offer.UnitPrice, offer.PaymentMode)
	}
	for _, warning := range reply.Warnings {
		fmt.Println(warning.Message)
	}
	// Output:
	// T-shirt, white, M 23.00 EUR IMMEDIATE
	// product "mug-blue" is not sold in EUR
}
