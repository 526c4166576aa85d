package inventory_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// The module as a process runs it, with a fake of the one service it calls.
func TestModule(t *testing.T) {
	node := bustest.New(t)
	apps := bustest.Fake(t, node, appsapi.Execute, func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"purchasableId":"mug","unitPrice":{"amount":1000,"currency":"USD"},"isAvailable":true}`)}}}, nil
	})
	s := servicetest.Start(t, inventory.Module, servicetest.On(node), servicetest.Settings("provider_timeout: 1s"))

	res, err := inventoryapi.GetOffers.Call(t.Context(), s.Caller(), inventoryapi.GetOffersRequest{
		ProjectID: "demo", Currency: "USD", Items: []inventoryapi.Item{{LineID: "1", PurchasableID: "mug", Quantity: 1}},
	})
	if err != nil || len(res.Offers) != 1 || res.Offers[0].PurchasableID != "mug" {
		t.Errorf("got %+v, %v", res, err)
	}
	if calls := apps.Calls(); len(calls) != 1 || calls[0].ProjectID != "demo" || calls[0].Domain != "inventory" {
		t.Errorf("apps was asked %+v", calls)
	}
}

func TestLifecycle(t *testing.T) { servicetest.Lifecycle(t, inventory.Module) }

// A test that forgot what the service calls is told before anything runs.
func TestModuleNamesWhatIsMissing(t *testing.T) {
	if !servicetest.SourceKnown(inventory.Module) {
		t.Skip("the source of the service is not here")
	}
	result := bustest.Trial(func(t testing.TB) { servicetest.Start(t, inventory.Module) })
	if want := "apps.execute as appsapi.NewProviders, first in services/inventory/"; !result.Failed || !strings.Contains(result.String(), want) {
		t.Errorf("failed %v, want %q in\n%s", result.Failed, want, result)
	}
}
