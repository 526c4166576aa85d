package delivery_test

import (
	"context"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// carriers answers apps.execute as the demo's two do.
func carriers(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	var methods []plugin.ShippingMethod
	for _, method := range [][2]string{
		{"novaposhta", "warehouse_warehouse"}, {"novaposhta", "warehouse_doors"},
		{"meest", "warehouse_warehouse"}, {"meest", "warehouse_doors"}, {"meest", "doors_warehouse"}, {"meest", "doors_doors"},
	} {
		methods = append(methods, plugin.ShippingMethod{
			Provider: method[0], Code: method[1],
			DeliveryMethodType: plugin.Shipping, ShippingPaymentModel: plugin.MerchantCollected,
		})
	}
	data, err := plugin.ListShippingMethods.Items(methods...)
	return appsapi.ExecuteResponse{Data: data}, err
}

// answer is what apps.execute does in a test.
type answer = func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error)

func fails(err error) answer {
	return func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{}, err
	}
}

// hangs keeps a call until its deadline.
func hangs(ctx context.Context, _ appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	<-ctx.Done()
	return appsapi.ExecuteResponse{}, ctx.Err()
}

// asked are the calls of apps.execute.
type asked = bustest.Faked[appsapi.ExecuteRequest, appsapi.ExecuteResponse]

// open makes the service on a strict bus, with apps that answer so, or none for nil. It
// returns a caller's view.
func open(t *testing.T, apps answer) (*bus.Bus, *asked) {
	t.Helper()
	node := bustest.New(t)
	var calls *asked
	if apps != nil {
		calls = bustest.Fake(t, node, appsapi.Execute, apps)
	}
	if _, err := delivery.New(delivery.Params{Bus: node.View("delivery"), Log: bustest.Logger(t), Config: delivery.DefaultConfig()}); err != nil {
		t.Fatal(err)
	}
	return node.View("storefront"), calls
}

func list(t *testing.T, b *bus.Bus) deliveryapi.ShippingMethodsResponse {
	t.Helper()
	res, err := deliveryapi.ShippingMethods.Call(t.Context(), b, deliveryapi.ShippingMethodsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func group(t *testing.T, b *bus.Bus, items ...deliveryapi.Item) deliveryapi.CreateDeliveryGroupsResponse {
	t.Helper()
	res, err := deliveryapi.CreateDeliveryGroups.Call(t.Context(), b, deliveryapi.CreateDeliveryGroupsRequest{ProjectID: "demo", Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return res
}
