package plugin_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/plugin"
)

// declared returns a plugin that is valid but for what the changes spoil.
func declared(code string, changes ...func(*plugin.Plugin)) plugin.Plugin {
	p := plugin.Plugin{
		Manifest: plugin.Manifest{
			Code: code, DisplayName: "A name", Version: "1.2.3", APIVersion: "^1.0.0",
			Domains: []plugin.Domain{plugin.Pricing},
		},
		New: func(context.Context, plugin.Config) (*plugin.Provider, error) {
			provider := plugin.NewProvider(nil)
			plugin.ListDiscounts.Serve(provider, noDiscounts)
			return provider, nil
		},
	}
	for _, change := range changes {
		change(&p)
	}
	return p
}

func noDiscounts(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
	return nil, nil, nil
}

func priority(n int) func(*plugin.Plugin) {
	return func(p *plugin.Plugin) { p.Manifest.Priority = n }
}

// Proves: A4 (the order)
func TestSetIsOrderedByPriorityThenCode(t *testing.T) {
	set, err := plugin.NewSet(declared("zebra", priority(10)), declared("late", priority(50)), declared("ant", priority(10)), declared("first"))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, p := range set {
		order = append(order, p.Manifest.Code)
	}
	if want := []string{"first", "ant", "zebra", "late"}; !slices.Equal(order, want) {
		t.Errorf("the order is %v, want %v", order, want)
	}
	if want := []string{"ant", "first", "late", "zebra"}; !slices.Equal(set.Codes(), want) {
		t.Errorf("Codes is %v, want %v", set.Codes(), want)
	}
	if _, ok := set.Find("ant"); !ok {
		t.Error("Find does not find a plugin of the set")
	}
	if _, ok := set.Find("bee"); ok {
		t.Error("Find finds a plugin that is not in the set")
	}
}

func TestSetLeavesTheListAlone(t *testing.T) {
	linked := []plugin.Plugin{declared("b"), declared("a")}
	if set, err := plugin.NewSet(linked...); err != nil || set[0].Manifest.Code != "a" || linked[0].Manifest.Code != "b" {
		t.Errorf("the set starts with %q, the list with %q, %v", set[0].Manifest.Code, linked[0].Manifest.Code, err)
	}
}

func TestSetMistakes(t *testing.T) {
	for name, test := range map[string]struct {
		set  []plugin.Plugin
		want string
	}{
		"a code twice":         {[]plugin.Plugin{declared("a"), declared("b"), declared("a"), declared("a")}, `plugin code "a" is used by two linked plugins`},
		"no code":              {[]plugin.Plugin{declared("")}, "Code must be"},
		"a code with capitals": {[]plugin.Plugin{declared("SimplePromo")}, `plugin "SimplePromo": Code must be`},
		"a code with _":        {[]plugin.Plugin{declared("bank_transfer")}, "Code must be"},
		"a long code":          {[]plugin.Plugin{declared(strings.Repeat("a", 65))}, "Code must be"},
		"no name":              {[]plugin.Plugin{declared("a", func(p *plugin.Plugin) { p.Manifest.DisplayName = "" })}, "DisplayName is empty"},
		"no version":           {[]plugin.Plugin{declared("a", func(p *plugin.Plugin) { p.Manifest.Version = "1.0" })}, `Version: "1.0" is no semantic version`},
		"no range":             {[]plugin.Plugin{declared("a", func(p *plugin.Plugin) { p.Manifest.APIVersion = ">1" })}, `APIVersion: ">1" is no version range`},
		"no domain":            {[]plugin.Plugin{declared("a", func(p *plugin.Plugin) { p.Manifest.Domains = nil })}, "Domains is empty"},
		"an unknown domain": {[]plugin.Plugin{declared("a", func(p *plugin.Plugin) { p.Manifest.Domains = []plugin.Domain{"tax"} })},
			`"tax", which is not a domain; the domains are delivery, inventory, payments, pricing`},
		"a domain twice": {[]plugin.Plugin{declared("a", func(p *plugin.Plugin) {
			p.Manifest.Domains = []plugin.Domain{plugin.Pricing, plugin.Pricing}
		})}, `"pricing" twice`},
		"no New": {[]plugin.Plugin{declared("a", func(p *plugin.Plugin) { p.New = nil })}, "New is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := plugin.NewSet(test.set...)
			if err == nil || strings.Count(err.Error(), test.want) != 1 {
				t.Errorf("got %v, want %q once", err, test.want)
			}
		})
	}
}

// Proves: A16 (the plugin's part)
func TestCompatibility(t *testing.T) {
	for accepted, want := range map[string]bool{
		"^1.0.0": true, "~1.0.0": true, "1.0.0": true, "^1.0.0-rc.1": true,
		"^1.0.1": false, "~1.1.0": false, "^2.0.0": false, "^0.9.0": false, "0.0.1": false, "": false, "latest": false,
	} {
		p := declared("a", func(p *plugin.Plugin) { p.Manifest.APIVersion = accepted })
		if p.Manifest.Compatible() != want {
			t.Errorf("%q compatible with %s: %t, want %t", accepted, plugin.APIVersion, !want, want)
		}
	}
	_, err := declared("a", func(p *plugin.Plugin) { p.Manifest.APIVersion = "^2.0.0" }).Open(t.Context(), plugin.Config{})
	if err == nil || !strings.Contains(err.Error(), `"a" was written for plugin API ^2.0.0, and this is 1.0.0`) {
		t.Errorf("opening an incompatible plugin: %v", err)
	}
}
