package delivery_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// The module as a process runs it, with a fake of the one service it calls.
func TestModule(t *testing.T) {
	node := bustest.New(t)
	apps := bustest.Fake(t, node, appsapi.Execute, func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"code":"doors_doors","provider":"meest","deliveryMethodType":"SHIPPING","shippingPaymentModel":"MERCHANT_COLLECTED"}`)}}}, nil
	})
	s := servicetest.Start(t, delivery.Module, servicetest.On(node), servicetest.Settings("provider_timeout: 1s"))

	res, err := deliveryapi.ShippingMethods.Call(t.Context(), s.Caller(), deliveryapi.ShippingMethodsRequest{ProjectID: "demo"})
	if err != nil || len(res.Methods) != 1 || res.Methods[0].Code != "meest:doors_doors" {
		t.Errorf("got %+v, %v", res, err)
	}
	if calls := apps.Calls(); len(calls) != 1 || calls[0].ProjectID != "demo" || calls[0].Domain != "delivery" {
		t.Errorf("apps was asked %+v", calls)
	}
}

func TestLifecycle(t *testing.T) { servicetest.Lifecycle(t, delivery.Module) }

// A test that forgot what the service calls is told before anything runs.
func TestModuleNamesWhatIsMissing(t *testing.T) {
	if !servicetest.SourceKnown(delivery.Module) {
		t.Skip("the source of the service is not here")
	}
	result := bustest.Trial(func(t testing.TB) { servicetest.Start(t, delivery.Module) })
	if want := "apps.execute as appsapi.NewProviders, first in services/delivery/"; !result.Failed || !strings.Contains(result.String(), want) {
		t.Errorf("failed %v, want %q in\n%s", result.Failed, want, result)
	}
}
