package resolve

import (
	"fmt"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// checkExternals reports services of other modules that are also in the tree, that
// are one package under two names, or that no module in go.mod has.
func (r *resolver) checkExternals() {
	first := make(map[string]string)
	for _, e := range r.file.Externals() {
		name := e.Name.Value
		if other, twice := first[e.Import]; twice {
			r.report(e.Name.Pos, "external", name,
				fmt.Sprintf("%s and %s are both %s: one package is one service", other, name, e.Import), "remove one of the two")
			continue
		}
		first[e.Import] = name
		r.checkNeeds(e)
		here := r.services[name]
		r.checkPlace("service", e.Name, e.Import, layout.ServiceDir(name), here.Module && here.External == "")
	}
	for _, e := range r.file.ExternalPlugins() {
		here := r.plugins[e.Name.Value]
		r.checkPlace("plugin", e.Name, e.Import, layout.PluginDir(e.Name.Value), here.Found && here.External == "")
	}
}

// checkPlace reports a package that is also in the tree, or that no module of the build has.
func (r *resolver) checkPlace(what string, name config.Name, importPath, dir string, here bool) {
	switch {
	case here:
		r.report(name.Pos, "external", name.Value,
			fmt.Sprintf("%s is external, and %s is here too", name, dir), "rename or remove one of the two")
	case layout.ModuleOf(importPath, r.tree.Modules) == "":
		r.report(name.Pos, "external", name.Value,
			fmt.Sprintf("external %s %s: no module in go.mod has %s", what, name, importPath), "run: go get "+importPath)
	}
}

// checkNeeds reports what an external service is said to need and what there is not.
func (r *resolver) checkNeeds(e config.External) {
	for _, need := range e.Needs {
		if known := r.services[need.Value]; !known.Module && !known.Contract {
			r.report(need.Pos, "unknown-service", need.Value,
				fmt.Sprintf("there is no service %s that %s could need", need.Value, e.Name.Value),
				r.choices(need.Value, "services", r.names))
		}
	}
}

// checkSource reports a selected service of another module of which it cannot be
// said what it calls. One that no module has was reported already.
func (r *resolver) checkSource(s scan.Service) {
	if s.Unread == "" || layout.ModuleOf(s.External, r.tree.Modules) == "" {
		return
	}
	for _, e := range r.file.Externals() {
		if e.Name.Value == s.Name {
			r.report(e.Name.Pos, "unread-source", s.Name,
				fmt.Sprintf("what %s calls cannot be read: the source of %s is not here", s.Name, s.Unread),
				fmt.Sprintf("run: go mod download %s\nor say what it needs: %s: {import: %s, needs: [...]}", layout.ModuleOf(s.External, r.tree.Modules), s.Name, e.Import))
		}
	}
}
