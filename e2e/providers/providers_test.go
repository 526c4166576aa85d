// Package providers tests the five providers in the service that runs them, as
// development has them when config.yml says nothing of projects.
package providers

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	banktransfer "github.com/shopanaio/orchestrator/plugins/bank-transfer"
	"github.com/shopanaio/orchestrator/plugins/catalog"
	"github.com/shopanaio/orchestrator/plugins/meest"
	"github.com/shopanaio/orchestrator/plugins/novaposhta"
	simplepromo "github.com/shopanaio/orchestrator/plugins/simple-promo"
	"github.com/shopanaio/orchestrator/services/apps"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// open starts apps with all five and returns the bus of a caller.
func open(t *testing.T) *bus.Bus {
	t.Helper()
	linked, err := plugin.NewSet(simplepromo.Plugin, banktransfer.Plugin, meest.Plugin, catalog.Plugin, novaposhta.Plugin)
	if err != nil {
		t.Fatal(err)
	}
	node := membus.New(bus.Options{Strict: true})
	group := service.NewGroup(nil)
	t.Cleanup(func() { _ = group.Stop(context.Background()) })
	if _, err := apps.New(apps.Params{
		Bus: node.View("apps"), Log: slog.Default(), Config: apps.DefaultConfig(), Group: group, Plugins: linked, Environment: service.Development,
	}); err != nil {
		t.Fatal(err)
	}
	if err := node.Check(); err != nil {
		t.Fatal(err)
	}
	return node.View("tester")
}

// Proves: A7, A8
func TestTheFiveAreLinkedAndInstalled(t *testing.T) {
	b := open(t)
	available, err := appsapi.ListApps.Call(t.Context(), b, appsapi.ListAppsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range available.Apps {
		got = append(got, fmt.Sprintf("%s|%s|%s|%v|%d|%t", a.Code, a.Name, a.Version, a.Domains, a.Priority, a.Compatible))
	}
	want := []string{
		"catalog|Catalog|0.1.0|[inventory]|10|true",
		"novaposhta|Nova Poshta|0.1.0|[delivery payments]|10|true",
		"meest|Meest Express|0.1.0|[delivery payments]|20|true",
		"bank-transfer|Bank Transfer|1.0.0|[payments]|50|true",
		"simple-promo|Simple Promo|1.0.0|[pricing]|100|true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("linked are\n%q, want\n%q", got, want)
	}
	installed, err := appsapi.ListInstalledApps.Call(t.Context(), b, appsapi.ListInstalledAppsRequest{ProjectID: "demo"})
	if err != nil || len(installed.Apps) != 7 {
		t.Errorf("%d entries are installed, %v; want one for each of 7 domains", len(installed.Apps), err)
	}
}

// Proves: A1, A2, A4 (with the real providers)
func TestEachDomainAnswers(t *testing.T) {
	b := open(t)
	offers := json.RawMessage(`{"currency": "USD", "items": [{"purchasableId": "mug-blue", "quantity": 1}]}`)
	for _, test := range []struct {
		domain, operation, provider string
		params                      json.RawMessage
		want                        []string
	}{
		{"delivery", "list", "", nil, []string{
			"novaposhta:warehouse_warehouse", "novaposhta:warehouse_doors",
			"meest:warehouse_warehouse", "meest:warehouse_doors", "meest:doors_warehouse", "meest:doors_doors"}},
		{"delivery", "list", "novaposhta", nil, []string{"novaposhta:warehouse_warehouse", "novaposhta:warehouse_doors"}},
		{"payments", "list", "", json.RawMessage(`{"currency": "USD"}`), []string{"novaposhta:cod_cash", "meest:cod_cash", "bank-transfer:bank_transfer"}},
		{"payments", "list", "", json.RawMessage(`{"currency": "GBP"}`), []string{"novaposhta:cod_cash", "meest:cod_cash"}},
		{"pricing", "list", "", nil, []string{"simple-promo:WELCOME10", "simple-promo:SAVE50"}},
		{"inventory", "getOffers", "", offers, []string{":"}},
	} {
		t.Run(test.domain+" "+test.provider+string(test.params), func(t *testing.T) {
			res, err := appsapi.Execute.Call(t.Context(), b, appsapi.ExecuteRequest{
				ProjectID: "demo", Domain: test.domain, Operation: test.operation, Provider: test.provider, Params: test.params})
			if err != nil || len(res.Warnings) > 0 {
				t.Fatalf("%v, %+v", err, res.Warnings)
			}
			var got []string
			for _, item := range res.Data {
				var named struct{ Provider, Code string }
				if err := json.Unmarshal(item.JSON, &named); err != nil {
					t.Fatal(err)
				}
				got = append(got, plugin.Ref(named.Provider, named.Code))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
