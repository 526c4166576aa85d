package apps

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

func TestWithoutConfiguration(t *testing.T) {
	for environment, want := range map[service.Environment]bus.Code{
		service.Development: bus.OK, service.Production: bus.NotFound,
	} {
		apps := start(t, DefaultConfig(), environment, promo("works", 0, gives("FIVE")), newer())
		res, err := appsapi.Execute.Call(t.Context(), apps.caller, listDiscounts())
		if bus.CodeOf(err) != want {
			t.Errorf("%s: got %v, want %s", environment, err, want)
		}
		if want == bus.OK {
			expect(t, res, []string{"FIVE"}, nil) // and not from the plugin that does not fit
		}
		if warned := strings.Contains(apps.log.String(), "there are no projects"); warned != (want == bus.NotFound) {
			t.Errorf("%s: the log has %s", environment, apps.log)
		}
	}
}

func TestSeedMistakes(t *testing.T) {
	linked := []plugin.Plugin{promo("promo", 0, gives("FIVE")), carrier("carrier", 0)}
	for name, test := range map[string]struct {
		plugins PluginsConfig
		linked  []plugin.Plugin
		want    []string
	}{
		"a plugin that is not linked": {PluginsConfig{"meets": {Status: "active"}}, linked, []string{
			"projects.demo.plugins.meets: no plugin of this code is linked",
			"linked are carrier, promo"}},
		"nothing is linked": {PluginsConfig{"meest": {Status: "active"}}, nil, []string{"none is: select plugins in config.yml and run go generate ./..."}},
		"a setting there is not": {PluginsConfig{"promo": {Status: "active", Config: []byte(`{"maximum": 1}`)}}, linked, []string{
			"projects.demo.plugins.promo:", "maximum: there is no such field; the fields are key, max"}},
		"a mistake in what is not active": {PluginsConfig{"carrier": {Status: "inactive", Config: []byte(`{"key": 5}`)}}, linked, []string{
			"key: must be a string; put it in quotes"}},
		"two mistakes": {PluginsConfig{"a": {Status: "active"}, "b": {Status: "active"}}, linked, []string{"plugins.a:", "plugins.b:"}},
		"another plugin API": {PluginsConfig{"newer": {Status: "active"}}, []plugin.Plugin{newer()}, []string{
			"was written for plugin API ^2.0.0, and this is 1.0.0"}},
		"a code twice": {nil, []plugin.Plugin{promo("a", 0, fails), promo("a", 0, fails)}, []string{`plugin code "a" is used by two`}},
	} {
		t.Run(name, func(t *testing.T) {
			config := DefaultConfig()
			config.Projects = map[string]ProjectConfig{"demo": {Plugins: test.plugins}}
			group := service.NewGroup(nil)
			defer func() { _ = group.Stop(t.Context()) }()
			_, err := New(Params{
				Bus: membus.New(bus.Options{}).View("apps"), Log: slog.Default(), Config: config, Group: group,
				Plugins: test.linked, Environment: service.Development,
			})
			for _, part := range test.want {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("got %v, want %q in it", err, part)
				}
			}
		})
	}
}

// Proves: C16 (the environment reaches the providers' settings).
func TestProductionRefusesPlainHTTP(t *testing.T) {
	remote := promo("remote", 0, gives("FIVE"))
	remote.New = func(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
		var settings struct {
			BaseURL plugin.URL `json:"baseUrl"`
		}
		if err := config.Decode(&settings); err != nil {
			return nil, err
		}
		provider := plugin.NewProvider(settings)
		plugin.ListDiscounts.Serve(provider, func(ctx context.Context, _ plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
			return fails(ctx)
		})
		return provider, nil
	}
	config := DefaultConfig()
	config.Projects = map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{
		"remote": {Status: "active", Config: []byte(`{"baseUrl": "http://api.example"}`)}}}}
	if _, err := seed(config, plugin.Set{remote}, service.Development); err != nil {
		t.Errorf("development: %v", err)
	}
	_, err := seed(config, plugin.Set{remote}, service.Production)
	if err == nil || !strings.Contains(err.Error(), "projects.demo.plugins.remote:") || !strings.Contains(err.Error(), "baseUrl: must begin with https://") {
		t.Errorf("production: %v", err)
	}
}

// Proves: A8
func TestListInstalledApps(t *testing.T) {
	config := DefaultConfig()
	config.Projects = map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{
		"carrier": {Status: "active", Config: []byte(`{"key": "k-123"}`)},
		"promo":   {Status: "inactive", Config: []byte(`{"max": 1}`)},
	}}}
	apps := start(t, config, service.Production, promo("promo", 20, gives("FIVE")), carrier("carrier", 10), newer())
	res, err := appsapi.ListInstalledApps.Call(t.Context(), apps.caller, appsapi.ListInstalledAppsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range res.Apps {
		got = append(got, fmt.Sprintf("%s %s %s %s", a.Code, a.Domain, a.Status, a.Settings))
	}
	want := []string{
		`carrier delivery active {"key":"[REDACTED]"}`,
		`carrier payments active {"key":"[REDACTED]"}`,
		`promo pricing inactive {"key":"","max":1}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("installed are\n%q, want\n%q", got, want)
	}
	_, err = appsapi.ListInstalledApps.Call(t.Context(), apps.caller, appsapi.ListInstalledAppsRequest{ProjectID: "other"})
	if !errors.Is(err, appsapi.ErrProjectNotFound) {
		t.Errorf("got %v", err)
	}
	_, err = appsapi.ListInstalledApps.Call(t.Context(), apps.caller, appsapi.ListInstalledAppsRequest{})
	var e *bus.Error
	if !errors.As(err, &e) || len(e.Fields()) != 1 || e.Fields()[0].Field != "projectId" {
		t.Errorf("got %v", err)
	}
}
