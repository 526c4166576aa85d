package graph

import (
	"maps"
	"slices"
)

// Order sorts members so that each comes after those of them it calls, and by
// name where calls leave the choice. When calls go in a circle there is no such
// order: it returns the circles instead, one for each group of services that
// all reach one another, each as the shortest path from the first of them by name back to it.
func (g *Graph) Order(members []string) (order []string, cycles [][]Edge) {
	waiting, callers := g.countCalls(members)
	var ready names
	for _, m := range members {
		if waiting[m] == 0 {
			ready.add(m)
		}
	}
	for len(ready) > 0 {
		next := ready[0]
		ready = ready[1:]
		order = append(order, next)
		delete(waiting, next)
		for _, caller := range callers[next] {
			if waiting[caller]--; waiting[caller] == 0 {
				ready.add(caller)
			}
		}
	}
	if len(waiting) == 0 {
		return order, nil
	}
	return nil, g.cycles(slices.Sorted(maps.Keys(waiting)))
}

// countCalls returns how many members each member calls, and who calls it.
func (g *Graph) countCalls(members []string) (waiting map[string]int, callers map[string][]string) {
	waiting = make(map[string]int, len(members))
	for _, m := range members {
		waiting[m] = 0
	}
	callers = make(map[string][]string)
	for m := range waiting {
		for _, callee := range g.Targets(m, Calls) {
			if _, member := waiting[callee]; member {
				waiting[m]++
				callers[callee] = append(callers[callee], m)
			}
		}
	}
	return waiting, callers
}

// cycles finds the circles among members: the shortest one through each member
// that is on any, leaving out members that an earlier circle's group covers.
func (g *Graph) cycles(members []string) [][]Edge {
	var found [][]Edge
	covered := make(map[string]bool)
	for _, m := range members {
		if covered[m] {
			continue
		}
		path := g.path(m, m, members)
		if path == nil {
			continue
		}
		found = append(found, path)
		for _, other := range members {
			if other == m || g.path(m, other, members) != nil && g.path(other, m, members) != nil {
				covered[other] = true
			}
		}
	}
	return found
}

// path returns the shortest chain of calls from one service to another through
// members only; nil when there is none. Of several it is the first by names.
func (g *Graph) path(from, to string, members []string) []Edge {
	came := make(map[string]Edge)
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, e := range g.From(queue[0], Calls) {
			if _, seen := came[e.To]; seen || !slices.Contains(members, e.To) {
				continue
			}
			came[e.To] = e
			if e.To == to {
				return unwind(came, from, e)
			}
			queue = append(queue, e.To)
		}
	}
	return nil
}

// unwind follows came from its last edge back to where the search began.
func unwind(came map[string]Edge, from string, last Edge) []Edge {
	path := []Edge{last}
	for path[0].From != from {
		path = slices.Insert(path, 0, came[path[0].From])
	}
	return path
}

// names are sorted.
type names []string

func (n *names) add(name string) {
	at, _ := slices.BinarySearch(*n, name)
	*n = slices.Insert(*n, at, name)
}
