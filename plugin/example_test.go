package plugin_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

// A plugin declares what it is, and New makes its provider.
var tenOff = plugin.Plugin{
	Manifest: plugin.Manifest{
		Code:        "ten-off",
		DisplayName: "Ten off",
		Version:     "1.0.0",
		APIVersion:  "^1.0.0",
		Domains:     []plugin.Domain{plugin.Pricing},
	},
	New: func(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
		settings := struct {
			Percent int `json:"percent"`
		}{Percent: 10}
		if err := config.Decode(&settings); err != nil {
			return nil, err
		}
		provider := plugin.NewProvider(settings)
		plugin.ListDiscounts.Serve(provider, func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
			minimum := money.Of(10000, "USD")
			return []plugin.Discount{{
				Code: "TENOFF", Type: plugin.Percentage, Percent: settings.Percent, Provider: "ten-off",
				Conditions: plugin.DiscountConditions{MinAmount: &minimum},
			}}, nil, nil
		})
		return provider, nil
	},
}

func Example() {
	ctx := context.Background()
	provider, err := tenOff.Open(ctx, plugin.NewConfig("demo", []byte(`{"percent": 15}`)))
	if err != nil {
		fmt.Println(err)
		return
	}
	// What the apps service does with a call of pricing:
	params, err := plugin.ListDiscounts.Params(plugin.DiscountQuery{})
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := provider.Run(ctx, plugin.Pricing, "list", params)
	if err != nil {
		fmt.Println(err)
		return
	}
	discounts, err := plugin.ListDiscounts.Results(reply.Data)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %d %% from %s\n", discounts[0].Code, discounts[0].Percent, discounts[0].Conditions.MinAmount)

	_, err = tenOff.Open(ctx, plugin.NewConfig("demo", []byte(`{"percents": 15}`)))
	fmt.Println(err)
	// Output:
	// TENOFF: 15 % from 100.00 USD
	// plugin "ten-off": percents: there is no such field; the fields are percent
}
