package payments_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

// methods answers apps.execute as the demo's three providers do, with these warnings:
// bank-transfer looks at the currency, the carriers at none.
func methods(warnings ...appsapi.Warning) answer {
	return func(_ context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		var query plugin.PaymentQuery
		if len(req.Params) > 0 {
			if err := json.Unmarshal(req.Params, &query); err != nil {
				return appsapi.ExecuteResponse{}, err
			}
		}
		data, err := plugin.ListPaymentMethods.Items(offered(query.Currency)...)
		return appsapi.ExecuteResponse{Data: data, Warnings: warnings}, err
	}
}

func offered(currency money.Currency) []plugin.PaymentMethod {
	methods := []plugin.PaymentMethod{
		cash("novaposhta", "warehouse_warehouse", "warehouse_doors"),
		cash("meest", "warehouse_warehouse", "doors_doors"),
	}
	if currency == "" || slices.Contains([]money.Currency{"USD", "EUR", "UAH"}, currency) {
		methods = append(methods, plugin.PaymentMethod{Code: "bank_transfer", Provider: "bank-transfer", Flow: plugin.Offline})
	}
	return methods
}

func cash(provider string, services ...string) plugin.PaymentMethod {
	method := plugin.PaymentMethod{
		Code: "cod_cash", Provider: provider, Flow: plugin.OnDelivery, Metadata: map[string]string{"at": "door"},
	}
	for _, service := range services {
		method.Constraints.ShippingMethodCodes = append(method.Constraints.ShippingMethodCodes, plugin.Ref(provider, service))
	}
	return method
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
	if _, err := payments.New(payments.Params{Bus: node.View("payments"), Log: bustest.Logger(t), Config: payments.DefaultConfig()}); err != nil {
		t.Fatal(err)
	}
	return node.View("storefront"), calls
}

func get(t *testing.T, b *bus.Bus, req paymentsapi.GetPaymentMethodsRequest) paymentsapi.GetPaymentMethodsResponse {
	t.Helper()
	res, err := paymentsapi.GetPaymentMethods.Call(t.Context(), b, req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func codes(res paymentsapi.GetPaymentMethodsResponse) []string {
	got := []string{}
	for _, method := range res.Methods {
		got = append(got, method.Code)
	}
	return got
}
