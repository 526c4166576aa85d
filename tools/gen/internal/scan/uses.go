package scan

import (
	"bytes"
	"go/parser"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

const (
	importsOnly  = parser.ImportsOnly | parser.ParseComments
	withComments = parser.ParseComments
)

// Uses is what was found in the source of some services.
type Uses struct {
	Edges []graph.Edge
	// Problems are boundaries that are crossed, directives that are misused and
	// files that are no Go where that hides an edge.
	Problems []config.Problem
	// Partial has the services of which a package was imported but not found, so
	// that edges may be missing. On disk that is code which does not compile.
	Partial map[string]bool
}

// Uses reads services, by name: the packages of each that it links, from its
// own and its contract's on, and the contracts that these use.
func (s *Scanner) Uses(names []string) (Uses, error) {
	found := make([]reading, len(names))
	err := each(len(names), func(i int) error {
		found[i] = reading{scanner: s, service: names[i], seen: make(map[string]bool)}
		return found[i].run()
	})
	if err != nil {
		return Uses{}, err
	}
	all := Uses{Partial: make(map[string]bool)}
	for i, r := range found {
		all.Edges = append(all.Edges, strongest(r.edges)...)
		all.Problems = append(all.Problems, r.problems...)
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

// reading is one service being read.
type reading struct {
	scanner  *Scanner
	service  string
	seen     map[string]bool
	queue    []string
	edges    []graph.Edge
	problems []config.Problem
	partial  bool
}

// run reads the service's package and contract, and every package below the
// service's folder that these import.
func (r *reading) run() error {
	r.enqueue(layout.ServiceDir(r.service))
	if r.scanner.contract(r.service).pkg != "" {
		r.enqueue(layout.ContractDir(r.service))
	}
	for len(r.queue) > 0 {
		dir := r.queue[0]
		r.queue = r.queue[1:]
		files, err := r.scanner.files(dir)
		if err != nil {
			return err
		}
		r.partial = r.partial || len(files) == 0
		for _, f := range files {
			if err := r.read(f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reading) enqueue(dir string) {
	if !r.seen[dir] {
		r.seen[dir] = true
		r.queue = append(r.queue, dir)
	}
}

// read looks at a file's imports, and at the whole of it only when one of them
// is another service's contract.
func (r *reading) read(f *file) error {
	f.parse(importsOnly)
	if f.ignored() {
		return nil
	}
	if f.broken != nil {
		r.problems = append(r.problems, r.scanner.syntaxProblem(f))
		return nil
	}
	if !r.crosses(f) && !bytes.Contains(f.text, []byte(directivePrefix)) {
		return nil
	}
	f.parse(withComments)
	if f.broken != nil {
		r.problems = append(r.problems, r.scanner.syntaxProblem(f))
		return nil
	}
	return r.readImports(f)
}

// crosses follows the imports that stay in the service, and tells whether there are others.
func (r *reading) crosses(f *file) bool {
	crosses := false
	for _, spec := range f.syntax.Imports {
		name := importPath(spec)
		external, _ := r.scanner.external(name)
		dir, inTree := r.scanner.root.Dir(name)
		switch {
		case external != "":
			crosses = true
		case !inTree:
		case r.owns(dir):
			r.enqueue(dir)
		case strings.HasPrefix(dir, layout.ServicesDir+"/"), strings.HasPrefix(dir, layout.PluginsDir+"/"):
			crosses = true
		}
	}
	return crosses
}

// owns tells whether a folder is the service's own.
func (r *reading) owns(dir string) bool {
	own := layout.ServiceDir(r.service)
	return dir == own || strings.HasPrefix(dir, own+"/")
}
