package simplepromo

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/plugin/plugintest"
)

func TestPlugin(t *testing.T) { plugintest.Check(t, Plugin, "README.md") }

// Proves: G1, G11 (the provider's part)
func TestDiscountsFollowTheConfiguration(t *testing.T) {
	const welcome, save = "WELCOME10 percentage 10 100.00 USD", "SAVE50 percentage 50 300.00 USD"
	for config, want := range map[string][]string{
		``:                                 {welcome, save},
		`{"maxDiscounts": 10}`:             {welcome, save},
		`{"maxDiscounts": 1}`:              {welcome},
		`{"maxDiscounts": 0}`:              nil,
		`{"enabledTypes": []}`:             {welcome, save},
		`{"enabledTypes": ["percentage"]}`: {welcome, save},
		`{"enabledTypes": ["fixed"]}`:      nil,
		`{"enabledTypes": ["fixed", "percentage"], "maxDiscounts": 1}`: {welcome},
	} {
		t.Run(config, func(t *testing.T) {
			var got []string
			for _, d := range plugintest.Run(t, Plugin, config, plugin.ListDiscounts, plugin.DiscountQuery{}) {
				got = append(got, fmt.Sprintf("%s %s %d %s", d.Code, d.Type, d.Percent, d.Conditions.MinAmount))
				if d.Provider != "simple-promo" || d.Amount != nil {
					t.Errorf("the discount is %+v", d)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("the discounts are %q, want %q", got, want)
			}
		})
	}
}

func TestConfigMistakesHavePaths(t *testing.T) {
	for config, want := range map[string]string{
		`{"maxDiscounts": -1}`:                     "maxDiscounts",
		`{"maxDiscounts": 1.5}`:                    "maxDiscounts",
		`{"maxDiscount": 1}`:                       "maxDiscount",
		`{"enabledTypes": ["percentage", "free"]}`: "enabledTypes[1]",
		`{"enabledTypes": ["percentage", 5]}`:      "enabledTypes[1]",
	} {
		plugintest.Refuses(t, Plugin, json.RawMessage(config), want)
	}
}
