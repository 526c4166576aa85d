package pricing_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// The module as a process runs it, with a fake of the one service it calls.
func TestModule(t *testing.T) {
	node := bustest.New(t)
	apps := bustest.Fake(t, node, appsapi.Execute, func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"code":"SAVE","type":"percentage","percent":10,"provider":"simple-promo"}`)}}}, nil
	})
	s := servicetest.Start(t, pricing.Module, servicetest.On(node), servicetest.Settings("provider_timeout: 1s"))

	res, err := pricingapi.GetAllDiscounts.Call(t.Context(), s.Caller(), pricingapi.GetAllDiscountsRequest{ProjectID: "demo"})
	if err != nil || len(res.Discounts) != 1 || res.Discounts[0].Code != "SAVE" {
		t.Errorf("got %+v, %v", res, err)
	}
	if calls := apps.Calls(); len(calls) != 1 || calls[0].ProjectID != "demo" || calls[0].Domain != "pricing" {
		t.Errorf("apps was asked %+v", calls)
	}
}

func TestLifecycle(t *testing.T) { servicetest.Lifecycle(t, pricing.Module) }

// A test that forgot what the service calls is told before anything runs.
func TestModuleNamesWhatIsMissing(t *testing.T) {
	if !servicetest.SourceKnown(pricing.Module) {
		t.Skip("the source of the service is not here")
	}
	result := bustest.Trial(func(t testing.TB) { servicetest.Start(t, pricing.Module) })
	if want := "apps.execute as appsapi.NewProviders, first in services/pricing/"; !result.Failed || !strings.Contains(result.String(), want) {
		t.Errorf("failed %v, want %q in\n%s", result.Failed, want, result)
	}
}
