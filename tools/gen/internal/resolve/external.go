package resolve

import (
	"fmt"

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
		if layout.ModuleOf(e.Import, r.tree.Modules) == "" {
			r.report(e.Name.Pos, "external", name,
				fmt.Sprintf("external service %s: no module in go.mod has %s", name, e.Import), "run: go get "+e.Import)
		}
	}
}
