package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// parse makes a graph of "a>b" (calls), "a~b" (listens), "a?b" (optional) and "a.b" (types).
func parse(text string) *Graph {
	kinds := map[byte]Kind{'>': Calls, '~': Listens, '?': Optional, '.': Types}
	var edges []Edge
	for word := range strings.FieldsSeq(text) {
		edges = append(edges, Edge{From: word[:1], Kind: kinds[word[1]], To: word[2:]})
	}
	return New(edges)
}

func TestOrderFollowsCallsAndThenNames(t *testing.T) {
	for _, test := range []struct{ edges, members, want string }{
		{"", "c a b", "a b c"},
		{"a>c b>c", "a b c", "c a b"},
		{"a>z", "a b z", "b z a"},
		{"a~c a.d a?e", "a b c d e", "a b c d e"},
		{"a>x", "a b", "a b"},
		{"d>c c>b b>a", "d c b a", "a b c d"},
	} {
		order, cycles := parse(test.edges).Order(strings.Fields(test.members))
		if got := strings.Join(order, " "); got != test.want || cycles != nil {
			t.Errorf("%q: order %q, cycles %v; want %q", test.edges, got, cycles, test.want)
		}
	}
}

func TestOrderReportsEachCircleOnce(t *testing.T) {
	for _, test := range []struct{ edges, want string }{
		{"a>b b>a", "a>b>a"},
		{"a>b b>c c>a b>a", "a>b>a"},
		{"a>b b>c c>b d>a", "b>c>b"},
		{"a>b b>a c>d d>c", "a>b>a c>d>c"},
	} {
		order, cycles := parse(test.edges).Order([]string{"a", "b", "c", "d"})
		var got []string
		for _, cycle := range cycles {
			text := cycle[0].From
			for _, e := range cycle {
				text += ">" + e.To
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != test.want || order != nil {
			t.Errorf("%q: cycles %q, order %v; want %q", test.edges, got, order, test.want)
		}
	}
}

func TestPathIsTheShortest(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e"}
	path := parse("a>b b>c c>d a>c d>e").path("a", "d", all)
	if len(path) != 2 || path[0].To != "c" || path[1].To != "d" {
		t.Errorf("path %v, want a>c>d", path)
	}
	if path := parse("a>b").path("b", "a", all); path != nil {
		t.Errorf("path %v, want none", path)
	}
}

func TestNewKeepsTheFirstOfEachKind(t *testing.T) {
	g := New([]Edge{{From: "a", To: "b", Kind: Types}, {From: "a", To: "b", Kind: Calls, Name: "first"}, {From: "a", To: "b", Kind: Calls, Name: "second"}})
	edges := g.Edges()
	if len(edges) != 2 || edges[0].Name != "first" || edges[1].Kind != Types {
		t.Errorf("edges %v, want the first call and the types, calls before types", edges)
	}
}

// Any graph has an order in which callees come first, or a circle that is real.
func TestOrderOfAnyGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 8).Draw(t, "services")
		var members []string
		for i := range size {
			members = append(members, fmt.Sprint("s", i))
		}
		var edges []Edge
		for range rapid.IntRange(0, 12).Draw(t, "edges") {
			from, to := rapid.SampledFrom(members).Draw(t, "from"), rapid.SampledFrom(members).Draw(t, "to")
			if from != to {
				edges = append(edges, Edge{From: from, To: to, Kind: Calls})
			}
		}
		order, cycles := New(edges).Order(rapid.Permutation(members).Draw(t, "members"))
		if cycles == nil {
			checkOrder(t, members, edges, order)
			return
		}
		for _, cycle := range cycles {
			for i, e := range cycle {
				if next := cycle[(i+1)%len(cycle)]; e.To != next.From || !slices.Contains(edges, e) {
					t.Fatalf("%v is no circle of %v", cycle, edges)
				}
			}
		}
	})
}

// checkOrder wants all members, callees first, and the first by name of those that could come next.
func checkOrder(t *rapid.T, members []string, edges []Edge, order []string) {
	if len(order) != len(members) {
		t.Fatalf("order %v of %v", order, members)
	}
	ready := func(name string, before []string) bool {
		return !slices.ContainsFunc(edges, func(e Edge) bool { return e.From == name && !slices.Contains(before, e.To) })
	}
	for i, name := range order {
		if !ready(name, order[:i]) {
			t.Fatalf("%s comes before what it calls in %v of %v", name, order, edges)
		}
		for _, later := range order[i+1:] {
			if later < name && ready(later, order[:i]) {
				t.Fatalf("%s could come before %s in %v of %v", later, name, order, edges)
			}
		}
	}
}
