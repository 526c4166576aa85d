package resolve

import (
	"fmt"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// checkExternals reports services of other modules that are also in the tree, or
// that no module in go.mod has.
func (r *resolver) checkExternals() {
	for _, e := range r.file.Externals() {
		name := e.Name.Value
		if r.services[name].Module && r.services[name].External == "" {
			r.report(e.Name.Pos, "external", name,
				fmt.Sprintf("%s is external, and %s is here too", name, layout.ServiceDir(name)), "rename or remove one of the two")
			continue
		}
		r.checkModule("service", e.Name, e.Import)
	}
	for _, e := range r.file.ExternalPlugins() {
		if local := r.plugins[e.Name.Value]; local.Found && local.External == "" {
			r.report(e.Name.Pos, "external", e.Name.Value,
				fmt.Sprintf("%s is external, and %s is here too", e.Name, layout.PluginDir(e.Name.Value)), "rename or remove one of the two")
			continue
		}
		r.checkModule("plugin", e.Name, e.Import)
	}
}

// checkModule reports a package that no module of the build has.
func (r *resolver) checkModule(what string, name config.Name, importPath string) {
	if layout.ModuleOf(importPath, r.tree.Modules) == "" {
		r.report(name.Pos, "external", name.Value,
			fmt.Sprintf("external %s %s: no module in go.mod has %s", what, name, importPath), "run: go get "+importPath)
	}
}
