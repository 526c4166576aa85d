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

// checkNeeds reports what an external service is said to need and what there is not.
func (r *resolver) checkNeeds(e config.External) {
	for _, need := range e.Needs {
		if known := r.services[need.Value]; !known.Module && !known.Contract {
			r.report(need.Pos, "unknown-service", need.Value,
				fmt.Sprintf("there is no service %s that %s could need", need.Value, e.Name.Value),
				choices(need.Value, "services", r.serviceNames()))
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
