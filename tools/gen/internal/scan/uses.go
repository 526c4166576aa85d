package scan

import (
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// Uses is what was found in the source of some services.
type Uses struct {
	Edges []graph.Edge
	// Problems are boundaries that are crossed, directives that are misused, names
	// that a contract has not, and whatever cannot be read where that hides an edge.
	Problems []config.Problem
	// Partial has the services of which a package was imported but not found, so
	// that edges may be missing. On disk that is code which does not compile.
	Partial map[string]bool
}

// Uses reads services, by name: the packages of each that it links, from its
// own and its contract's on, and the contracts that these use.
func (s *Scanner) Uses(names []string) (Uses, error) {
	found, err := each(names, func(name string) (*reading, error) {
		r := s.reading(ofService, name, s.base(name))
		return r, r.run(s.contractPath(name))
	})
	if err != nil {
		return Uses{}, err
	}
	all := Uses{Partial: make(map[string]bool)}
	seen := make(map[config.Problem]bool)
	for i, r := range found {
		all.Edges = append(all.Edges, strongest(r.edges)...)
		for _, p := range r.problems {
			if !seen[p] { // several services may link one package
				seen[p] = true
				all.Problems = append(all.Problems, p)
			}
		}
		if r.partial {
			all.Partial[names[i]] = true
		}
	}
	return all, nil
}

// strongest leaves out what a stronger edge to the same service already says.
func strongest(edges []graph.Edge) []graph.Edge {
	has := make(map[string]map[graph.Kind]bool)
	for _, e := range edges {
		if has[e.To] == nil {
			has[e.To] = make(map[graph.Kind]bool)
		}
		has[e.To][e.Kind] = true
	}
	var kept []graph.Edge
	for _, e := range edges {
		kinds := has[e.To]
		weak := e.Kind == graph.Types && len(kinds) > 1 || e.Kind == graph.Optional && kinds[graph.Calls]
		if !weak {
			kept = append(kept, e)
		}
	}
	return kept
}

// reading is one service, or one plugin, being read.
type reading struct {
	scanner *Scanner
	kind    homeKind
	name    string
	base    string
	seen    map[string]bool
	queue   []string

	edges    []graph.Edge
	problems []config.Problem
	partial  bool
}

func (s *Scanner) reading(kind homeKind, name, base string) *reading {
	return &reading{scanner: s, kind: kind, name: name, base: base, seen: make(map[string]bool)}
}

// run reads the package, the contract where there is one, and every package that
// these link and that is not another service's, here or in another module.
func (r *reading) run(contract string) error {
	if e := r.scanner.external(r.base); e != nil && e.NeedsSet {
		r.declared(e)
		return nil
	}
	r.enqueue(r.base)
	if p := r.scanner.pkg(contract); p != nil && len(p.files) > 0 {
		r.enqueue(contract)
	}
	for len(r.queue) > 0 {
		next := r.queue[0]
		r.queue = r.queue[1:]
		if err := r.readPackage(next); err != nil {
			return err
		}
	}
	return nil
}

// declared makes edges of what config.yml says that a service of another module needs.
func (r *reading) declared(e *config.External) {
	for _, need := range e.Needs {
		r.edges = append(r.edges, graph.Edge{From: r.name, To: need.Value, Kind: graph.Calls, Name: need.Value, Witness: need.Pos})
	}
}

func (r *reading) enqueue(importPath string) {
	if !r.seen[importPath] {
		r.seen[importPath] = true
		r.queue = append(r.queue, importPath)
	}
}

// readPackage makes edges of what the files of a package use and make.
func (r *reading) readPackage(importPath string) error {
	p := r.scanner.pkg(importPath)
	switch {
	case p != nil && p.err != nil:
		return p.err
	case p == nil || len(p.files) == 0:
		r.partial = true
		return nil
	}
	r.problems = append(r.problems, p.problems...)
	for _, f := range p.files {
		if err := r.read(p, f); err != nil {
			return err
		}
	}
	if r.scanner.bears(p, make(map[*pkg]bool)) {
		r.addBirths(p)
	}
	return nil
}

// addBirths makes edges of the actions and events that a package makes by name and
// that are another service's.
func (r *reading) addBirths(p *pkg) {
	births := r.scanner.births(p)
	r.problems = append(r.problems, p.broken...)
	for _, b := range births {
		if problem := r.scanner.birthProblem(b); problem != nil {
			r.problems = append(r.problems, *problem)
			continue
		}
		owner := r.scanner.owner(b.service)
		if owner == r.name && r.kind == ofService {
			continue
		}
		e := b.file.edge(r.name, owner, b.kind, b.argument.Pos())
		e.Name = b.name
		r.edges = append(r.edges, e)
	}
}

// read looks at a file's imports, and at the whole of it only when one of them
// is another service's contract.
func (r *reading) read(p *pkg, f *file) error {
	if broken := f.imports().broken; broken != nil {
		r.problems = append(r.problems, r.scanner.syntaxProblem(f, broken))
		return nil
	}
	if !r.crosses(f) && !f.mentions(directivePrefix) {
		return nil
	}
	if broken := f.whole().broken; broken != nil {
		r.problems = append(r.problems, r.scanner.syntaxProblem(f, broken))
		return nil
	}
	return r.readImports(p, f)
}

// crosses follows the imports of packages that are linked like the service's own,
// and tells whether there are others.
func (r *reading) crosses(f *file) bool {
	crosses := false
	for _, spec := range f.imports().Imports {
		h := r.scanner.home(importPath(spec))
		switch {
		case h.kind == ofNobody:
			r.partial = r.partial || h.beyond && r.scanner.some
		case r.owns(h), h.kind == ofModule:
			r.enqueue(h.path)
		default:
			crosses = true
		}
	}
	return crosses
}

// owns tells whether a package is the service's or the plugin's own.
func (r *reading) owns(h home) bool { return h.kind == r.kind && h.name == r.name }

// subject is who uses what a package imports, for messages.
func (r *reading) subject(p *pkg) string {
	if r.owns(p.home) {
		return r.name
	}
	if dir, ok := r.scanner.root.Dir(p.home.path); ok {
		return dir
	}
	return layout.PackageName(p.home.path)
}
