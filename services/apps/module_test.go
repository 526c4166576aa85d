package apps_test

import (
	"context"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// promo is a provider that is linked, with one discount.
var promo = plugin.Plugin{
	Manifest: plugin.Manifest{
		Code: "promo", DisplayName: "Promo", Version: "1.0.0", APIVersion: "^1.0.0", Domains: []plugin.Domain{plugin.Pricing},
	},
	New: func(context.Context, plugin.Config) (*plugin.Provider, error) {
		p := plugin.NewProvider(nil)
		plugin.ListDiscounts.Serve(p, func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
			return []plugin.Discount{{Code: "SAVE", Type: plugin.Percentage, Percent: 10}}, nil, nil
		})
		return p, nil
	},
}

// list asks the provider through the service.
func list(caller *bus.Bus) (appsapi.ExecuteResponse, error) {
	return appsapi.Execute.Call(context.Background(), caller, appsapi.ExecuteRequest{ProjectID: "demo", Domain: "pricing", Operation: "list"})
}

// The module as a process runs it.
func TestModule(t *testing.T) {
	s := servicetest.Start(t, apps.Module, servicetest.Plugins(promo), servicetest.Settings("provider_timeout: 1s\nprojects: {demo: {}}"))
	if res, err := list(s.Caller()); err != nil || len(res.Data) != 1 || len(res.Warnings) > 0 {
		t.Errorf("got %+v, %v", res, err)
	}
}

func TestLifecycle(t *testing.T) {
	servicetest.Lifecycle(t, apps.Module, servicetest.Plugins(promo), servicetest.Probe(func(caller *bus.Bus) error {
		_, err := list(caller)
		return err
	}))
}
