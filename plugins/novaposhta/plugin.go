package novaposhta

import (
	"context"

	"github.com/shopanaio/orchestrator/plugin"
)

const code = "novaposhta"

// Plugin is what a binary links.
var Plugin = plugin.Plugin{
	Manifest: plugin.Manifest{
		Code:        code,
		DisplayName: "Nova Poshta",
		Description: "Shipping by Nova Poshta, and cash on delivery.",
		Version:     "0.1.0",
		APIVersion:  "^1.0.0",
		Domains:     []plugin.Domain{plugin.Delivery, plugin.Payments},
		Priority:    10,
	},
	New: open,
}

// services are the ways the carrier brings a parcel, from where to where.
func services() []string {
	return []string{"warehouse_warehouse", "warehouse_doors"}
}

func open(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
	settings := DefaultConfig()
	if err := config.Decode(&settings); err != nil {
		return nil, err
	}
	provider := plugin.NewProvider(settings)
	plugin.ListShippingMethods.Serve(provider, shippingMethods)
	plugin.ListPaymentMethods.Serve(provider, paymentMethods)
	return provider, nil
}

func shippingMethods(context.Context, plugin.ShippingQuery) ([]plugin.ShippingMethod, []plugin.Warning, error) {
	methods := make([]plugin.ShippingMethod, 0, len(services()))
	for _, service := range services() {
		methods = append(methods, plugin.ShippingMethod{
			Code:                 service,
			Provider:             code,
			DeliveryMethodType:   plugin.Shipping,
			ShippingPaymentModel: plugin.MerchantCollected,
		})
	}
	return methods, nil, nil
}

// paymentMethods offers cash on delivery with the carrier's own services only:
// no one else hands its courier the money.
func paymentMethods(context.Context, plugin.PaymentQuery) ([]plugin.PaymentMethod, []plugin.Warning, error) {
	refs := make([]string, 0, len(services()))
	for _, service := range services() {
		refs = append(refs, plugin.Ref(code, service))
	}
	return []plugin.PaymentMethod{{
		Code:        "cod_cash",
		Provider:    code,
		Flow:        plugin.OnDelivery,
		Metadata:    map[string]string{},
		Constraints: plugin.PaymentConstraints{ShippingMethodCodes: refs},
	}}, nil, nil
}
