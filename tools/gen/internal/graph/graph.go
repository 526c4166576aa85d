// Package graph knows which service uses which, and why: it answers what a
// service needs, in which order services start, and where they go in a circle.
package graph

import (
	"cmp"
	"maps"
	"slices"

	"github.com/shopanaio/orchestrator/config"
)

// Kind says what one service makes of another's contract.
type Kind string

// The kinds of edge, from the one that asks most of the other side to the one that asks least.
const (
	// Calls is an action that is used: the other service is needed and starts first.
	Calls Kind = "calls"
	// Optional is a call that the caller can do without, as a directive says.
	Optional Kind = "optional"
	// Listens is an event that is used: it may have no emitter in this process.
	Listens Kind = "listens"
	// Types is everything else: constants, errors, requests as data.
	Types Kind = "types"
	// Unread is the use of a contract whose source is not among those that are given;
	// it is in no program's record.
	Unread Kind = "unread"
)

// rank orders kinds for output.
var rank = map[Kind]int{Calls: 0, Optional: 1, Listens: 2, Types: 3, Unread: 4}

// Edge says that From uses To's contract, and where this was seen first.
type Edge struct {
	From, To string
	Kind     Kind
	// Name is what was used first, as the source has it: "appsapi.Execute".
	// It is empty for an import from which nothing is used.
	Name string
	// Witness is where; its column counts bytes, as the compiler's do.
	Witness config.Position
	// Excerpt shows the line of the witness.
	Excerpt string
	// Reason is what the directive at the import says, if there is one.
	Reason string
}

// Graph is a set of edges, at most one per pair of services and kind.
type Graph struct {
	from map[string][]Edge
}

// New returns the graph of edges. Of several edges of one kind between the same
// services the first is kept.
func New(edges []Edge) *Graph {
	g := &Graph{from: make(map[string][]Edge)}
	for _, e := range edges {
		same := func(have Edge) bool { return have.To == e.To && have.Kind == e.Kind }
		if !slices.ContainsFunc(g.from[e.From], same) {
			g.from[e.From] = append(g.from[e.From], e)
		}
	}
	for _, list := range g.from {
		slices.SortFunc(list, func(a, b Edge) int {
			return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(rank[a.Kind], rank[b.Kind]))
		})
	}
	return g
}

// Edges returns all edges, by name of the user, then of the used, then by kind.
func (g *Graph) Edges() []Edge {
	var all []Edge
	for _, name := range slices.Sorted(maps.Keys(g.from)) {
		all = append(all, g.from[name]...)
	}
	return all
}

// From returns what name uses, by name and kind. With kinds given, only those.
func (g *Graph) From(name string, kinds ...Kind) []Edge {
	var some []Edge
	for _, e := range g.from[name] {
		if len(kinds) == 0 || slices.Contains(kinds, e.Kind) {
			some = append(some, e)
		}
	}
	return some
}

// Targets returns the names of those that name uses in the way of kind, sorted.
func (g *Graph) Targets(name string, kind Kind) []string {
	var names []string
	for _, e := range g.From(name, kind) {
		names = append(names, e.To)
	}
	return names
}
