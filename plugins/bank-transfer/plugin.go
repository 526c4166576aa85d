package banktransfer

import (
	"context"
	"slices"

	"github.com/shopanaio/orchestrator/plugin"
)

const (
	code       = "bank-transfer"
	methodCode = "bank_transfer"
)

// Plugin is what a binary links.
var Plugin = plugin.Plugin{
	Manifest: plugin.Manifest{
		Code:        code,
		DisplayName: "Bank Transfer",
		Description: "Payment by a transfer to the shop's bank account.",
		Version:     "1.0.0",
		APIVersion:  "^1.0.0",
		Domains:     []plugin.Domain{plugin.Payments},
		Priority:    50,
	},
	New: open,
}

func open(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
	settings := DefaultConfig()
	if err := config.Decode(&settings); err != nil {
		return nil, err
	}
	provider := plugin.NewProvider(settings)
	plugin.ListPaymentMethods.Serve(provider, settings.paymentMethods)
	return provider, nil
}

func (c Config) paymentMethods(_ context.Context, query plugin.PaymentQuery) ([]plugin.PaymentMethod, []plugin.Warning, error) {
	if query.Currency != "" && !slices.Contains(c.SupportedCurrencies, query.Currency) {
		return nil, nil, nil
	}
	return []plugin.PaymentMethod{{
		Code:        methodCode,
		Provider:    code,
		Flow:        plugin.Offline,
		Metadata:    map[string]string{},
		Constraints: plugin.PaymentConstraints{ShippingMethodCodes: []string{}},
	}}, nil, nil
}
