package simplepromo_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/plugin"
	simplepromo "github.com/shopanaio/orchestrator/plugins/simple-promo"
)

func Example() {
	ctx := context.Background()
	provider, err := simplepromo.Plugin.Open(ctx, plugin.NewConfig("demo", []byte(`{"maxDiscounts": 1}`)))
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := provider.Run(ctx, plugin.Pricing, "list", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	discounts, err := plugin.ListDiscounts.Results(reply.Data)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range discounts {
		fmt.Printf("%s: %d %% from %s\n", d.Code, d.Percent, d.Conditions.MinAmount)
	}
	// Output:
	// WELCOME10: 10 % from 100.00 USD
}
