package config

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// ExternalPlugin is a plugin that lives in another module.
type ExternalPlugin struct {
	// Name is its code.
	Name Name
	// Import is the path of its Go package, which has a variable Plugin; the version
	// stands in go.mod.
	Import string
	// Domains are the services that it serves: a variant that lists no plugins has
	// it if one of them is linked.
	Domains []string
}

// ExternalPlugins returns the plugins of other modules, sorted by code.
func (f *File) ExternalPlugins() []ExternalPlugin { return slices.Clone(f.plugins) }

var externalPluginKeys = []string{"domains", "import"}

func (f *File) readExternalPlugins(t *tree, n *yaml.Node) {
	for _, e := range t.names(n, "orchestrator.external_plugins") {
		plugin := ExternalPlugin{Name: Name{e.key.Value, t.src.position(e.key)}}
		plugin.read(t, e)
		f.plugins = append(f.plugins, plugin)
	}
	slices.SortFunc(f.plugins, func(a, b ExternalPlugin) int { return strings.Compare(a.Name.Value, b.Name.Value) })
}

func (p *ExternalPlugin) read(t *tree, e entry) {
	where := "orchestrator.external_plugins." + e.key.Value
	before := len(t.problems)
	for _, inner := range t.entries(e.value, where) {
		switch inner.key.Value {
		case "import":
			p.Import = readImport(t, inner.value, where)
		case "domains":
			p.Domains = values(readList(t, inner, where+".domains", true).names)
		default:
			t.unknown(inner.key, where, externalPluginKeys)
		}
	}
	if (p.Import == "" || len(p.Domains) == 0) && len(t.problems) == before {
		t.report(e.key, "missing-key", "write "+e.key.Value+": {import: github.com/acme/shop/pay, domains: [payments]}",
			"%s needs import, the path of its Go package, and domains, the services that it serves", where)
	}
}

// readImport reads an import path and reports what is none.
func readImport(t *tree, n *yaml.Node, where string) string {
	path := n.Value
	if isText(n) && importPath.MatchString(path) && !strings.Contains(path, "..") {
		return path
	}
	help := "an import path looks like github.com/acme/shop/loyalty"
	if before, version, versioned := strings.Cut(path, "@"); versioned && importForm.MatchString(path) && importPath.MatchString(before) {
		help = "write " + before + ", and " + version + " into go.mod: go get " + path
	}
	t.report(n, "invalid-value", help, "%s.import is %s, which is no Go import path", where, shownImport(n))
	return path
}

// selectedPlugins are the plugins of other modules that a variant has.
func selectedPlugins(plugins []ExternalPlugin, v Variant) map[string]string {
	if len(plugins) == 0 {
		return nil
	}
	// A domain is a service's name without dashes, as in Go.
	plain := func(name string) string { return strings.ReplaceAll(name, "-", "") }
	listed, linked := byValue(v.Plugins), map[string]bool{}
	for _, name := range v.Services {
		linked[plain(name.Value)] = true
	}
	out := map[string]string{}
	for _, p := range plugins {
		_, has := listed[p.Name.Value]
		if !v.PluginsSet {
			has = slices.ContainsFunc(p.Domains, func(domain string) bool { return linked[plain(domain)] })
		}
		if has {
			out[p.Name.Value] = p.Import
		}
	}
	return out
}
