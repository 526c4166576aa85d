package apps

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// Proves: A1
func TestOneProvider(t *testing.T) {
	config := DefaultConfig()
	config.Projects = map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{
		"works": {Status: "active"}, "fails": {Status: "active"}, "panics": {Status: "active"},
		"sleeps": {Status: "inactive"}, "carrier": {Status: "active"},
	}}}
	apps := start(t, config, service.Production, promo("works", 0, gives("FIVE")), promo("fails", 0, fails),
		promo("panics", 0, panics), promo("sleeps", 0, gives("ZZZ")), promo("linked-only", 0, gives("NO")), carrier("carrier", 0))

	for name, test := range map[string]struct {
		provider, operation string
		want                *bus.Declared
		says                []string
	}{
		"installed":           {"works", "list", nil, nil},
		"not installed":       {"linked-only", "list", appsapi.ErrProviderNotInstalled, []string{`"linked-only"`, `"pricing"`, "fails, panics, sleeps, works"}},
		"unknown":             {"nobody", "list", appsapi.ErrProviderNotInstalled, []string{`"nobody"`, `"pricing"`}},
		"of another domain":   {"carrier", "list", appsapi.ErrProviderNotInstalled, []string{`"carrier"`, `"pricing"`}},
		"not active":          {"sleeps", "list", appsapi.ErrProviderInactive, []string{`"sleeps"`, `"pricing"`, "inactive"}},
		"does not serve that": {"works", "lst", appsapi.ErrOperationNotServed, []string{`"lst"`, `"pricing"`, "they serve: list"}},
		"fails":               {"fails", "list", appsapi.ErrProviderFailed, []string{`"fails"`, "pricing.list"}},
		"panics":              {"panics", "list", appsapi.ErrProviderFailed, []string{`"panics"`, "pricing.list"}},
	} {
		t.Run(name, func(t *testing.T) {
			req := listDiscounts()
			req.Provider, req.Operation = test.provider, test.operation
			res, err := appsapi.Execute.Call(t.Context(), apps.caller, req)
			if test.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				expect(t, res, []string{"FIVE"}, nil)
				return
			}
			if !errors.Is(err, test.want) || bus.CodeOf(err) != test.want.Code() {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			for _, part := range test.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error %q does not say %s", err, part)
				}
			}
			if strings.Contains(err.Error(), "secret cause") {
				t.Errorf("the cause crosses: %v", err)
			}
		})
	}
}

// Proves: A2
func TestAllProvidersOneFails(t *testing.T) {
	for name, bad := range map[string]serve{"an error": fails, "a panic": panics} {
		t.Run(name, func(t *testing.T) {
			apps := development(t, promo("first", 1, gives("ONE", "UNO")), promo("broken", 2, bad), promo("third", 3, gives("THREE")))
			res, err := appsapi.Execute.Call(t.Context(), apps.caller, listDiscounts())
			if err != nil {
				t.Fatal(err)
			}
			expect(t, res, []string{"ONE", "UNO", "THREE"}, []string{"PROVIDER_ERROR broken"})
			if message := res.Warnings[0].Message; !strings.Contains(message, `"broken"`) || strings.Contains(message, "secret cause") {
				t.Errorf("the warning says %q", message)
			}
			if log := apps.log.String(); strings.Count(log, "a provider failed") != 1 || !strings.Contains(log, "the secret cause") ||
				!strings.Contains(log, "project=demo") || !strings.Contains(log, "request_id=") {
				t.Errorf("the log has %s", log)
			}
		})
	}
}

// A result that nobody could read is the failure of its provider, and no mistake of
// whoever asked.
func TestResultsThatNobodyCanReadCostTheirOwnProvider(t *testing.T) {
	lira := money.Of(5_00, "lira")
	apps := development(t, promo("works", 1, gives("FIVE")), promo("broken", 2, func(context.Context) ([]plugin.Discount, []plugin.Warning, error) {
		return []plugin.Discount{{Code: "LIRA", Type: plugin.Fixed, Amount: &lira}}, nil, nil
	}))
	res, err := appsapi.Execute.Call(t.Context(), apps.caller, listDiscounts())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, res, []string{"FIVE"}, []string{"PROVIDER_ERROR broken"})
}

// Proves: A3, B8
func TestRequestMistakesNameTheField(t *testing.T) {
	apps := development(t, promo("works", 0, gives("FIVE")))
	for _, test := range []struct {
		name  string
		spoil func(*appsapi.ExecuteRequest)
		field string
		says  string
	}{
		{"no project", func(r *appsapi.ExecuteRequest) { r.ProjectID = "" }, "projectId", "project"},
		{"no domain", func(r *appsapi.ExecuteRequest) { r.Domain = "" }, "domain", "delivery, inventory, payments, pricing"},
		{"unknown domain", func(r *appsapi.ExecuteRequest) { r.Domain = "tax" }, "domain", plugin.DomainList() + `, not "tax"`},
		{"no operation", func(r *appsapi.ExecuteRequest) { r.Operation = "" }, "operation", "operation"},
		{"params of another type", func(r *appsapi.ExecuteRequest) { r.Params = []byte(`[5]`) }, "params", "must be an object, not a list"},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := listDiscounts()
			test.spoil(&req)
			for _, provider := range []string{"", "works"} {
				req.Provider = provider
				_, err := appsapi.Execute.Call(t.Context(), apps.caller, req)
				var e *bus.Error
				if !errors.As(err, &e) || e.Code != bus.InvalidArgument || len(e.Fields()) != 1 {
					t.Fatalf("got %v, want one invalid field", err)
				}
				if got := e.Fields()[0]; got.Field != test.field || !strings.Contains(got.Message, test.says) {
					t.Errorf("the mistake is %+v", got)
				}
			}
		})
	}
}

func TestMistakesInParamsHavePaths(t *testing.T) {
	apps := development(t, soldOut())
	_, err := appsapi.Execute.Call(t.Context(), apps.caller, appsapi.ExecuteRequest{
		ProjectID: "demo", Domain: "inventory", Operation: "getOffers",
		Params: []byte(`{"currency": "usd", "items": [{"purchasableId": "mug-blue", "quantity": 0}]}`),
	})
	var e *bus.Error
	if !errors.As(err, &e) || len(e.Fields()) != 2 || e.Fields()[0].Field != "params.currency" || e.Fields()[1].Field != "params.items[0].quantity" {
		t.Errorf("got %v", err)
	}
}

func TestProjects(t *testing.T) {
	config := DefaultConfig()
	config.Projects = map[string]ProjectConfig{
		"empty": {Plugins: PluginsConfig{}},
		"full":  {},
	}
	apps := start(t, config, service.Development, promo("works", 0, gives("FIVE")))
	for project, want := range map[string][]string{"empty": nil, "full": {"FIVE"}} {
		req := listDiscounts()
		req.ProjectID = project
		res, err := appsapi.Execute.Call(t.Context(), apps.caller, req)
		if err != nil || res.Data == nil {
			t.Fatalf("%s: %v, %v", project, res.Data, err)
		}
		expect(t, res, want, nil)
	}
	for _, project := range []string{"demo", "Full"} {
		req := listDiscounts()
		req.ProjectID = project
		_, err := appsapi.Execute.Call(t.Context(), apps.caller, req)
		if !errors.Is(err, appsapi.ErrProjectNotFound) || bus.CodeOf(err) != bus.NotFound || !strings.Contains(err.Error(), project) {
			t.Errorf("%s: got %v", project, err)
		}
	}
}

// Proves: A4
func TestResultsAreOrderedByPriorityThenCode(t *testing.T) {
	apps := development(t, promo("zebra", 10, gives("Z1", "Z2")), promo("late", 50, gives("L")), promo("ant", 10, gives("A")), promo("first", 0, gives("F")))
	res, err := appsapi.Execute.Call(t.Context(), apps.caller, listDiscounts())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, res, []string{"F", "A", "Z1", "Z2", "L"}, nil)
}

// Proves: A6
func TestOnlyActiveProvidersRun(t *testing.T) {
	config := DefaultConfig()
	config.Projects = map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{
		"a": {Status: "active"}, "b": {Status: "inactive"}, "c": {Status: "maintenance"}, "d": {Status: "deprecated"},
	}}}
	apps := start(t, config, service.Development, promo("a", 0, gives("A")), promo("b", 0, fails), promo("c", 0, fails), promo("d", 0, fails))
	res, err := appsapi.Execute.Call(t.Context(), apps.caller, listDiscounts())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, res, []string{"A"}, nil)
}

func TestProvidersOwnWarningsArrive(t *testing.T) {
	apps := development(t, soldOut())
	params, err := plugin.GetOffers.Params(plugin.OffersQuery{Currency: "EUR", Items: []plugin.OfferItem{{PurchasableID: "mug-blue", Quantity: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	res, err := appsapi.Execute.Call(t.Context(), apps.caller, appsapi.ExecuteRequest{
		ProjectID: "demo", Domain: "inventory", Operation: "getOffers", Params: params})
	if err != nil {
		t.Fatal(err)
	}
	want := appsapi.Warning{Code: "SOLD_OUT", Provider: "sold-out", Subject: "mug-blue", Message: "it is sold out"}
	if len(res.Data) != 0 || !slices.Equal(res.Warnings, []appsapi.Warning{want}) {
		t.Errorf("the answer is %+v", res)
	}
}

// partly is a plugin with an operation that no other one has.
func partly() plugin.Plugin {
	extra := plugin.NewOperation[plugin.DiscountQuery, string](plugin.Pricing, "extra", "extras")
	p := promo("partly", 0, gives())
	p.New = func(context.Context, plugin.Config) (*plugin.Provider, error) {
		provider := plugin.NewProvider(nil)
		extra.Serve(provider, func(context.Context, plugin.DiscountQuery) ([]string, []plugin.Warning, error) {
			return []string{"x"}, nil, nil
		})
		return provider, nil
	}
	return p
}

func TestProvidersThatDoNotServeTheOperationAreNotAsked(t *testing.T) {
	apps := development(t, promo("works", 0, gives("FIVE")), partly())
	res, err := appsapi.Execute.Call(t.Context(), apps.caller, listDiscounts())
	if err != nil {
		t.Fatal(err)
	}
	expect(t, res, []string{"FIVE"}, nil)

	req := listDiscounts()
	req.Operation = "lst"
	_, err = appsapi.Execute.Call(t.Context(), apps.caller, req)
	if !errors.Is(err, appsapi.ErrOperationNotServed) || !strings.Contains(err.Error(), "they serve: extra, list") {
		t.Errorf("got %v", err)
	}
}
