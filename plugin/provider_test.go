package plugin_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/plugin"
)

func TestOpenHoldsThePluginToItsManifest(t *testing.T) {
	cause := errors.New("no key")
	for name, test := range map[string]struct {
		open func() (*plugin.Provider, error)
		want string
	}{
		"New fails":    {func() (*plugin.Provider, error) { return nil, cause }, `plugin "a": no key`},
		"New is empty": {func() (*plugin.Provider, error) { return nil, nil }, "neither a provider nor an error"},
		"nothing is served": {func() (*plugin.Provider, error) { return plugin.NewProvider(nil), nil },
			`names the domain "pricing", and no operation of it is served`},
		"another domain is served": {func() (*plugin.Provider, error) {
			provider := plugin.NewProvider(nil)
			plugin.ListDiscounts.Serve(provider, noDiscounts)
			plugin.ListShippingMethods.Serve(provider, func(context.Context, plugin.ShippingQuery) ([]plugin.ShippingMethod, []plugin.Warning, error) {
				return nil, nil, nil
			})
			return provider, nil
		}, "delivery.list is served, and the manifest does not name its domain"},
		"one operation is served twice": {func() (*plugin.Provider, error) {
			provider := plugin.NewProvider(nil)
			plugin.ListDiscounts.Serve(provider, noDiscounts)
			plugin.ListDiscounts.Serve(provider, noDiscounts)
			return provider, nil
		}, "pricing.list is served twice"},
	} {
		t.Run(name, func(t *testing.T) {
			p := declared("a", func(p *plugin.Plugin) {
				p.New = func(context.Context, plugin.Config) (*plugin.Provider, error) { return test.open() }
			})
			if _, err := p.Open(t.Context(), plugin.Config{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if _, err := (plugin.Plugin{}).Open(t.Context(), plugin.Config{}); err == nil {
		t.Error("a plugin without a manifest can be opened")
	}
}

func TestOperationsAndSettings(t *testing.T) {
	provider, err := declared("a").Open(t.Context(), plugin.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got := provider.Operations(plugin.Pricing); !slices.Equal(got, []string{"list"}) {
		t.Errorf("the operations are %v", got)
	}
	if got := provider.Operations(plugin.Delivery); len(got) != 0 {
		t.Errorf("the operations of another domain are %v", got)
	}
	for _, test := range []struct {
		settings any
		want     string
	}{
		{nil, `{}`},
		{struct {
			Key plugin.Secret `json:"key"`
			Max int           `json:"max"`
		}{"k-123", 5}, `{"key":"[REDACTED]","max":5}`},
	} {
		if shown, err := plugin.NewProvider(test.settings).Settings(); err != nil || string(shown) != test.want {
			t.Errorf("the settings are %s, %v, want %s", shown, err, test.want)
		}
	}
	if _, err := plugin.NewProvider(math.Inf(1)).Settings(); err == nil {
		t.Error("settings that are no JSON are shown")
	}
}
