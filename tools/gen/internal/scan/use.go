package scan

import (
	"cmp"
	"go/ast"
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
		at := u.file.at(u.spec.Path.Pos())
		edges = []graph.Edge{{From: r.name, To: u.home.name, Kind: graph.Types, Witness: at, Excerpt: u.file.excerpt(at)}}
	}
	r.edges = append(r.edges, edges...)
}

// used finds the names that a file selects from the contract: the first of each
// service and kind, in the order of the text.
func (r *reading) used(u use) []graph.Edge {
	var found []graph.Edge
	seen := make(map[graph.Edge]bool)
	missed := make(map[string]bool)
	syntax := u.file.whole()
	ast.Inspect(syntax.File, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := selector.X.(*ast.Ident)
		if !ok || of.Name != u.local || syntax.hides(of) {
			return true
		}
		name := selector.Sel.Name
		reached, ok := u.contract.reach(r.scanner, name)
		if !ok && !missed[name] {
			missed[name] = true
			message, help := u.contract.lacks(r.scanner, name)
			r.problems = append(r.problems, r.scanner.problem(u.file, u.file.at(selector.Sel.Pos()), "unknown-name", message, help))
		}
		for _, e := range r.edgesOf(u, reached) {
			if !seen[e] {
				seen[e] = true
				e.Witness, e.Name = u.file.at(of.Pos()), u.local+"."+name
				e.Excerpt = u.file.excerpt(e.Witness)
				found = append(found, e)
			}
		}
		return true
	})
	return found
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
