package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// selectPlugins returns the variant's plugins, sorted by code: those it lists,
// or all that serve one of its services.
func (r *resolver) selectPlugins(v config.Variant, members []string) []scan.Plugin {
	selected := r.listedPlugins(v)
	if !v.PluginsSet {
		selected = r.servingPlugins(members)
	}
	for _, p := range selected {
		r.problems = append(r.problems, p.Crossings...)
	}
	return selected
}

// listedPlugins are those that the variant names.
func (r *resolver) listedPlugins(v config.Variant) []scan.Plugin {
	var selected []scan.Plugin
	for _, code := range v.Plugins {
		p := r.plugins[code.Value]
		if dir := layout.PluginDir(code.Value); r.tree.Links[dir] {
			r.reportLink(v, code, dir)
			continue
		}
		if !p.Found && len(p.Problems) == 0 {
			r.report(code.Pos, "unknown-plugin", code.Value,
				fmt.Sprintf("variant %s: there is no plugin %s", v.Name, code.Value),
				r.choices(code.Value, "plugins", r.pluginCodes())+"\n"+r.afterwards())
			continue
		}
		r.problems = append(r.problems, p.Problems...)
		selected = append(selected, p)
	}
	slices.SortFunc(selected, func(a, b scan.Plugin) int { return strings.Compare(a.Code, b.Code) })
	return selected
}

// servingPlugins returns the plugins that have a service of members as a domain.
// One whose domains cannot be read might be meant, so it is a problem.
func (r *resolver) servingPlugins(members []string) []scan.Plugin {
	served := make(map[string]bool)
	for _, name := range members {
		served[layout.Ident(name)] = true
	}
	var selected []scan.Plugin
	for _, p := range r.tree.Plugins {
		for _, problem := range p.Problems {
			problem.Help = strings.TrimPrefix(problem.Help+"\nor list plugins: in the variants that do not, so that this one is not asked", "\n")
			r.problems = append(r.problems, problem)
		}
		serves := func(domain string) bool { return served[layout.Ident(domain)] }
		if p.Found && slices.ContainsFunc(p.Domains, serves) {
			selected = append(selected, p)
		}
	}
	return selected
}

// pluginCodes are the plugins of the tree, sorted.
func (r *resolver) pluginCodes() []string {
	var codes []string
	for _, p := range r.tree.Plugins {
		if p.Found && config.CheckName(p.Code) == nil {
			codes = append(codes, p.Code)
		}
	}
	return codes
}

// transports returns what the variant links to carry calls, in the order of
// layout.Transports. What is only there by default is left out where the tree has no such package.
func (r *resolver) transports(v config.Variant) []layout.Transport {
	var linked []layout.Transport
	refused := hasNoTransport(v)
	for _, t := range layout.Transports() {
		at := indexOf(v.Transports, t.Name)
		if at < 0 {
			continue
		}
		exists := slices.Contains(r.tree.Transports, t)
		if exists {
			linked = append(linked, t)
			continue
		}
		if pos := v.Transports[at].Pos; !r.isVariant(pos) {
			refused = true
			r.report(pos, "unknown-transport", t.Name,
				fmt.Sprintf("variant %s: the transport %s is not in this tree: there is no %s", v.Name, t.Name, t.Dir),
				r.choices(t.Name, "transports", r.transportNames()))
		}
	}
	if len(linked) == 0 && !refused {
		r.report(v.Pos, "no-transport", v.Name, fmt.Sprintf("variant %s has no transport", v.Name),
			r.choices("", "transports", r.transportNames()))
	}
	return linked
}

// hasNoTransport tells whether the variant names something that is no transport, which
// config has reported: nobody knows which one is meant.
func hasNoTransport(v config.Variant) bool {
	return slices.ContainsFunc(v.Transports, func(n config.Name) bool {
		return !slices.ContainsFunc(layout.Transports(), func(t layout.Transport) bool { return t.Name == n.Value })
	})
}

// isVariant tells whether a place is where a variant begins, which is where
// config puts the names that a variant has by default.
func (r *resolver) isVariant(pos config.Position) bool {
	return slices.ContainsFunc(r.variants, func(v config.Variant) bool { return v.Pos == pos })
}

func (r *resolver) transportNames() []string {
	var names []string
	for _, t := range r.tree.Transports {
		names = append(names, t.Name)
	}
	return names
}
