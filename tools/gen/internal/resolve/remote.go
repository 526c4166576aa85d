package resolve

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// remote returns the services that another process serves, sorted: those that
// the variant says, and with standalone also the others that are called. It
// reports calls that nobody serves; a name that is no service, in the variant's list
// or among what an external service needs, was reported already.
func (r *resolver) remote(v config.Variant, members []string, transports []layout.Transport) []string {
	remote := r.declaredRemote(v, transports)
	for _, name := range members {
		for _, e := range r.tree.Graph.From(name, graph.Calls) {
			_, linked := slices.BinarySearch(members, e.To)
			switch {
			case linked, slices.Contains(remote, e.To), indexOf(v.Services, e.To) >= 0, r.services[e.To].Name == "":
			case v.Standalone:
				remote = append(remote, e.To)
				r.checkNetwork(v, v.Pos, e.To, transports, Explain(e)+"\n")
			case !r.inherited(v, e):
				r.missingDependency(v, e)
			}
		}
	}
	slices.Sort(remote)
	return slices.Compact(remote)
}

// declaredRemote checks the names under remote.
func (r *resolver) declaredRemote(v config.Variant, transports []layout.Transport) []string {
	var remote []string
	for _, name := range v.Remote {
		if r.file.Mistaken(name.Value) {
			continue
		}
		if known := r.services[name.Value]; !known.Module && !known.Contract {
			r.report(name.Pos, "unknown-service", name.Value,
				fmt.Sprintf("variant %s: there is no service %s to be remote", v.Name, name.Value),
				r.choices(name.Value, "services", r.names)+"\n"+r.afterwards())
			continue
		}
		r.checkNetwork(v, name.Pos, name.Value, transports, "")
		remote = append(remote, name.Value)
	}
	return remote
}

// checkNetwork reports a remote service that no linked transport can reach.
func (r *resolver) checkNetwork(v config.Variant, pos config.Position, name string, transports []layout.Transport, witness string) {
	if hasNoTransport(v) {
		return
	}
	var linked []string
	for _, t := range transports {
		if t.Network {
			return
		}
		linked = append(linked, t.Name)
	}
	r.report(pos, "no-network", name,
		fmt.Sprintf("variant %s: %s is remote, and no transport of the variant reaches another process", v.Name, name),
		witness+"transports: "+strings.Join(linked, ", ")+"\nadd nats to the variant's transports; "+r.afterwards())
}

// missingDependency reports a call of a service that is neither in the variant nor remote.
func (r *resolver) missingDependency(v config.Variant, e graph.Edge) {
	pos := v.Pos
	if at := indexOf(v.Services, e.From); r.owner(v.Services[at].Pos) == v.Name {
		pos = v.Services[at].Pos
	}
	help := Explain(e) + "\n"
	if r.services[e.To].Module {
		help += fmt.Sprintf("add %s to the services of the variant; %s\nor ", e.To, r.afterwards())
	}
	help += fmt.Sprintf("say remote: [%s], if another process serves it\n", e.To)
	help += wayOut(e)
	r.report(pos, "missing-dependency", e.From+" "+e.To,
		fmt.Sprintf("variant %s: %s needs %s, which is not in it", v.Name, e.From, e.To), help)
}

// wayOut says how a call is taken back that need not be there.
func wayOut(e graph.Edge) string {
	prefix, _, _ := strings.Cut(e.Name, ".")
	switch {
	case e.Name == e.To:
		return fmt.Sprintf("or take it out of what %s needs", e.From)
	case layout.Ident(prefix) == layout.Ident(e.To): // made by name, at no import
		return fmt.Sprintf("or, if %s can do without it, use its contract, and say so at the import: //orchestrator:optional why", e.From)
	}
	return fmt.Sprintf("or, if %s can do without it, say so at the import: //orchestrator:optional why", e.From)
}

// inherited tells whether the same need is missing where the variant has the
// service from, so that it is reported there.
func (r *resolver) inherited(v config.Variant, e graph.Edge) bool {
	at := v.Services[indexOf(v.Services, e.From)].Pos
	owner := slices.IndexFunc(r.variants, func(o config.Variant) bool { return o.Name == r.owner(at) })
	if owner < 0 || r.variants[owner].Name == v.Name || r.variants[owner].Standalone {
		return false
	}
	o := r.variants[owner]
	has := func(names []config.Name, name string) bool { return indexOf(names, name) >= 0 }
	return has(o.Services, e.From) && !has(o.Services, e.To) && !has(o.Remote, e.To)
}

// owner is the variant in whose definition a place of config.yml is: the one
// that begins last before it.
func (r *resolver) owner(pos config.Position) string {
	if name, known := r.owners[pos]; known {
		return name
	}
	best := config.Variant{}
	for _, v := range r.variants {
		if !after(v.Pos, pos) && !after(best.Pos, v.Pos) {
			best = v
		}
	}
	r.owners[pos] = best.Name
	return best.Name
}

// after tells whether a place is behind another one of the same file.
func after(a, b config.Position) bool {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) > 0
}

func indexOf(names []config.Name, name string) int {
	return slices.IndexFunc(names, func(n config.Name) bool { return n.Value == name })
}
