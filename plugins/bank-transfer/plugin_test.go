package banktransfer

import (
	"encoding/json"
	"testing"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/plugin/plugintest"
)

func TestPlugin(t *testing.T) { plugintest.Check(t, Plugin, "README.md") }

// Proves: P2 (the provider's part)
func TestMethodIsOfferedInSupportedCurrenciesOnly(t *testing.T) {
	for name, test := range map[string]struct {
		config   string
		currency money.Currency
		want     int
	}{
		"no currency asked for":   {``, "", 1},
		"default, USD":            {``, "USD", 1},
		"default, EUR":            {``, "EUR", 1},
		"default, UAH":            {``, "UAH", 1},
		"default, GBP":            {``, "GBP", 0},
		"configured, not default": {`{"supportedCurrencies": ["GBP"]}`, "GBP", 1},
		"default, not configured": {`{"supportedCurrencies": ["GBP"]}`, "USD", 0},
	} {
		t.Run(name, func(t *testing.T) {
			methods := plugintest.Run(t, Plugin, test.config, plugin.ListPaymentMethods, plugin.PaymentQuery{Currency: test.currency})
			if len(methods) != test.want {
				t.Fatalf("%d methods, want %d: %+v", len(methods), test.want, methods)
			}
			for _, m := range methods {
				if m.Code != "bank_transfer" || m.Provider != "bank-transfer" || m.Flow != plugin.Offline || len(m.Constraints.ShippingMethodCodes) != 0 {
					t.Errorf("the method is %+v", m)
				}
			}
		})
	}
}

func TestConfigMistakesHavePaths(t *testing.T) {
	for config, want := range map[string]string{
		`{"supportedCurrencies": []}`:             "supportedCurrencies",
		`{"supportedCurrencies": ["USD", "XXQ"]}`: "supportedCurrencies[1]",
		`{"supportedCurrencies": ["USD", 5]}`:     "supportedCurrencies[1]",
		`{"supportedCurrencies": "USD"}`:          "supportedCurrencies",
		`{"SupportedCurrencies": ["USD"]}`:        "SupportedCurrencies",
	} {
		plugintest.Refuses(t, Plugin, json.RawMessage(config), want)
	}
}
