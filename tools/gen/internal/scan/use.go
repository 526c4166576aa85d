package scan

import (
	"go/ast"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
)

// use is an import of a contract in one file.
type use struct {
	service   string
	contract  *contract
	local     string
	directive *directive
}

// addUses makes an edge of each thing that a file uses of a contract, or one of
// the import itself when it uses nothing.
func (r *reading) addUses(f *file, spec *ast.ImportSpec, u use) {
	edges := u.edges(f)
	for i := range edges {
		edges[i].From, edges[i].To = r.service, u.service
	}
	if d := u.directive; d != nil && !override(edges, d) {
		r.problems = append(r.problems, r.scanner.unused(f, d, "no "+overridden(d)+" of "+u.service+" is used in this file"))
	}
	if len(edges) == 0 {
		at := f.at(spec.Path.Pos())
		edges = []graph.Edge{{From: r.service, To: u.service, Kind: graph.Types, Witness: at, Excerpt: f.excerpt(at)}}
	}
	r.edges = append(r.edges, edges...)
}

// edges finds the names that a file selects from the contract: the first of each
// kind, in the order of the text. A local variable that hides the import is taken
// for it: rare, and the edge too many can be taken back with a directive.
func (u use) edges(f *file) []graph.Edge {
	var found []graph.Edge
	seen := make(map[graph.Kind]bool)
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := selector.X.(*ast.Ident)
		if !ok || of.Name != u.local {
			return true
		}
		kind := u.contract.kind(selector.Sel.Name)
		if !seen[kind] {
			seen[kind] = true
			at := f.at(of.Pos())
			found = append(found, graph.Edge{Kind: kind, Name: u.local + "." + selector.Sel.Name, Witness: at, Excerpt: f.excerpt(at)})
		}
		return true
	})
	return found
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
