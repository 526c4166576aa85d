package scan

import (
	"cmp"
	"go/ast"
	"go/token"
	"maps"
	"slices"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
)

// use is an import of a contract in one file.
type use struct {
	imported
	contract  contract
	local     string
	directive *directive
}

// addUses makes an edge of each thing that a file uses of a contract, or one of
// the import itself when it uses nothing.
func (r *reading) addUses(u use) {
	edges := r.used(u)
	if d := u.directive; d != nil && !override(edges, d) {
		r.problems = append(r.problems, r.scanner.unused(u.file, d, "no "+overridden(d)+" of "+u.home.name+" is used in this file"))
	}
	if len(edges) == 0 {
		edges = []graph.Edge{u.file.edge(r.name, u.home.name, graph.Types, u.spec.Path.Pos())}
	}
	r.edges = append(r.edges, edges...)
}

// used are the edges of what a file does with the contract: the first of each service
// and kind, in the order of the text. What the import alone does comes last.
func (r *reading) used(u use) []graph.Edge {
	var found []graph.Edge
	type target struct {
		to   string
		kind graph.Kind
	}
	seen := make(map[target]bool)
	for _, n := range r.named(u) {
		for _, e := range r.edgesOf(u, n.reached) {
			if to := (target{e.To, e.Kind}); !seen[to] {
				seen[to] = true
				e.Witness, e.Name = u.file.at(n.pos), n.name
				e.Excerpt = u.file.excerpt(e.Witness)
				found = append(found, e)
			}
		}
	}
	return found
}

// named is a place where a file uses a name of a contract, and what that reaches.
type named struct {
	pos     token.Pos
	name    string
	reached reach
}

// named finds the names that a file selects from the contract, each once.
func (r *reading) named(u use) (all []named) {
	seen := make(map[string]bool)
	for _, selector := range u.selectors() {
		name := selector.Sel.Name
		if seen[name] {
			continue
		}
		seen[name] = true
		reached, ok := u.contract.reach(r.scanner, name)
		if !ok {
			message, help := u.contract.lacks(r.scanner, name)
			r.problems = append(r.problems, r.scanner.problem(u.file, u.file.at(selector.Sel.Pos()), "unknown-name", message, help))
		}
		all = append(all, named{selector.Pos(), u.local + "." + name, reached})
	}
	if linked := u.contract.linking(r.scanner); len(linked) > 0 {
		all = append(all, named{u.spec.Path.Pos(), u.contract.clause + "." + initializer, linked})
	}
	return all
}

// selectors are where the file selects something of the contract. A variable may
// have the name of the import too, and hide it.
func (u use) selectors() (all []*ast.SelectorExpr) {
	ast.Inspect(u.file.whole().File, func(n ast.Node) bool {
		e, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := e.X.(*ast.Ident)
		if ok && of.Name == u.local && !u.file.hides(of) {
			all = append(all, e)
		}
		return !ok
	})
	return all
}

// edgesOf are the edges of one name: to whom it leads, and to whose contract it is
// of in any case.
func (r *reading) edgesOf(u use, reached reach) []graph.Edge {
	edges := []graph.Edge{}
	for _, to := range slices.SortedFunc(maps.Keys(reached), cmp.Compare[string]) {
		if to != r.name {
			edges = append(edges, graph.Edge{From: r.name, To: to, Kind: reached[to]})
		}
	}
	if _, own := reached[u.home.name]; !own {
		edges = append(edges, graph.Edge{From: r.name, To: u.home.name, Kind: graph.Types})
	}
	return edges
}

// overridden is what a directive applies to, for messages.
func overridden(d *directive) string {
	if d.kind() == graph.Optional {
		return "action"
	}
	return "action or event"
}

// override changes the kind of the edges that a directive is about, and tells
// whether there were any.
func override(edges []graph.Edge, d *directive) bool {
	found := false
	for i := range edges {
		e := &edges[i]
		about := e.Kind == graph.Calls || e.Kind == graph.Listens && d.kind() == graph.Types
		if about {
			e.Kind, e.Reason, found = d.kind(), d.reason, true
		}
	}
	return found
}
