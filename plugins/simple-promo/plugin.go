package simplepromo

import (
	"context"
	"slices"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

const code = "simple-promo"

// Plugin is what a binary links.
var Plugin = plugin.Plugin{
	Manifest: plugin.Manifest{
		Code:        code,
		DisplayName: "Simple Promo",
		Description: "Promo codes that take a percentage off from a minimum amount on.",
		Version:     "1.0.0",
		APIVersion:  "^1.0.0",
		Domains:     []plugin.Domain{plugin.Pricing},
		Priority:    100,
	},
	New: open,
}

func open(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
	settings := DefaultConfig()
	if err := config.Decode(&settings); err != nil {
		return nil, err
	}
	provider := plugin.NewProvider(settings)
	plugin.ListDiscounts.Serve(provider, settings.discounts)
	return provider, nil
}

// discounts applies the configuration to the list: first what is enabled, then
// how many.
func (c Config) discounts(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
	enabled := slices.DeleteFunc(promotions(), func(d plugin.Discount) bool {
		return len(c.EnabledTypes) > 0 && !slices.Contains(c.EnabledTypes, d.Type)
	})
	return enabled[:min(len(enabled), c.MaxDiscounts)], nil, nil
}

// promotions are all the codes there are.
func promotions() []plugin.Discount {
	return []plugin.Discount{
		percentage("WELCOME10", 10, money.Of(100_00, "USD")),
		percentage("SAVE50", 50, money.Of(300_00, "USD")),
	}
}

func percentage(promoCode string, percent int, from money.Money) plugin.Discount {
	return plugin.Discount{
		Code:       promoCode,
		Type:       plugin.Percentage,
		Percent:    percent,
		Provider:   code,
		Conditions: plugin.DiscountConditions{MinAmount: &from},
	}
}
