package novaposhta

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/plugin/plugintest"
)

func TestPlugin(t *testing.T) { plugintest.Check(t, Plugin, "README.md") }

// Proves: D1 (the provider's part)
func TestShippingMethods(t *testing.T) {
	var codes []string
	for _, m := range plugintest.Run(t, Plugin, "", plugin.ListShippingMethods, plugin.ShippingQuery{}) {
		codes = append(codes, m.Code)
		if m.Provider != "novaposhta" || m.DeliveryMethodType != plugin.Shipping || m.ShippingPaymentModel != plugin.MerchantCollected {
			t.Errorf("the method is %+v", m)
		}
	}
	if want := []string{"warehouse_warehouse", "warehouse_doors"}; !slices.Equal(codes, want) {
		t.Errorf("the methods are %v, want %v", codes, want)
	}
}

// Proves: P4 (one format of the codes)
func TestCashOnDeliveryIsLimitedToOwnShipping(t *testing.T) {
	for _, query := range []plugin.PaymentQuery{{}, {Currency: "UAH"}, {Currency: "GBP"}} {
		methods := plugintest.Run(t, Plugin, "", plugin.ListPaymentMethods, query)
		if len(methods) != 1 {
			t.Fatalf("%q: %d methods, want 1", query.Currency, len(methods))
		}
		m := methods[0]
		if m.Code != "cod_cash" || m.Provider != "novaposhta" || m.Flow != plugin.OnDelivery {
			t.Errorf("the method is %+v", m)
		}
		if want := []string{"novaposhta:warehouse_warehouse", "novaposhta:warehouse_doors"}; !slices.Equal(m.Constraints.ShippingMethodCodes, want) {
			t.Errorf("it goes with %v, want %v", m.Constraints.ShippingMethodCodes, want)
		}
	}
}

func TestKeyIsNotShown(t *testing.T) {
	shown, err := plugintest.Open(t, Plugin, `{"apiKey": "k-123"}`).Settings()
	if err != nil || strings.Contains(string(shown), "k-123") || !strings.Contains(string(shown), "[REDACTED]") {
		t.Errorf("the settings are shown as %s, %v", shown, err)
	}
}

func TestConfigMistakesHavePaths(t *testing.T) {
	for config, want := range map[string]string{
		`{"apiKey": 5}`:       "apiKey",
		`{"apikey": "k-123"}`: "apikey",
	} {
		plugintest.Refuses(t, Plugin, json.RawMessage(config), want)
	}
}
