// Package resolve makes of what config.yml asks for and of what the source tree
// has the exact contents of each program, or says what stands in the way.
package resolve

import (
	"cmp"
	"slices"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// Tree is what the source tree has.
type Tree struct {
	Root layout.Root
	// Services and Plugins are all of them, whether selected or not.
	Services []scan.Service
	Plugins  []scan.Plugin
	// Modules are this module and those that its go.mod requires.
	Modules []string
	// Transports are those whose package exists.
	Transports []layout.Transport
	// Links has the folders of services/ and plugins/ that are symbolic links.
	Links map[string]bool
	// Graph has the edges of the selected services at least.
	Graph *graph.Graph
}

// Selection is what one program has.
type Selection struct {
	Variant config.Variant
	// Services are in the order they start.
	Services []Service
	// Plugins are sorted by code.
	Plugins []scan.Plugin
	// Transports are in the order of layout.Transports.
	Transports []layout.Transport
	// Remote are the services that are called and served elsewhere, sorted.
	Remote []string
}

// Service is one service of a program: its record, and what is not recorded.
type Service struct {
	manifest.Service
	// Package is the name in its package clause.
	Package string
	// External tells a service of another module.
	External bool
}

// Names are the names of the selected services, sorted.
func (s Selection) Names() []string {
	names := make([]string, len(s.Services))
	for i, service := range s.Services {
		names[i] = service.Name
	}
	slices.Sort(names)
	return names
}

// Resolve returns the selection of every variant, in the order given, and all
// problems at once. With any problem the selections are not to be used.
func Resolve(file *config.File, variants []config.Variant, tree Tree) ([]Selection, config.Problems) {
	r := newResolver(file, variants, tree)
	r.checkExternals()
	r.checkSettings()
	selections := make([]Selection, len(variants))
	for i, v := range variants {
		selections[i] = r.variant(v)
	}
	r.problems.Sort()
	return selections, r.problems
}

// resolver resolves the variants of one file, one after the other.
type resolver struct {
	file     *config.File
	variants []config.Variant
	tree     Tree
	services map[string]scan.Service
	plugins  map[string]scan.Plugin
	problems config.Problems
	// reported has the places and codes of problems, so that a name that several
	// variants inherit is reported once.
	reported map[reportKey]bool
	cycles   map[config.Position]bool
	hints    config.Hints
	// names are all services of the tree that can be selected, sorted.
	names []string
	// owners has by place what owner found.
	owners map[config.Position]string
}

type reportKey struct {
	pos  config.Position
	code string
	name string
}

func newResolver(file *config.File, variants []config.Variant, tree Tree) *resolver {
	r := &resolver{
		file: file, variants: variants, tree: tree,
		services: make(map[string]scan.Service), plugins: make(map[string]scan.Plugin),
		reported: make(map[reportKey]bool), cycles: make(map[config.Position]bool),
		owners: make(map[config.Position]string),
	}
	for _, s := range tree.Services {
		if _, twice := r.services[s.Name]; !twice || s.External == "" {
			r.services[s.Name] = s
		}
	}
	for _, p := range tree.Plugins {
		if known, twice := r.plugins[p.Code]; !twice || !known.Found || p.External == "" {
			r.plugins[p.Code] = p
		}
	}
	for _, s := range tree.Services {
		if s.Module && config.CheckName(s.Name) == nil {
			r.names = append(r.names, s.Name)
		}
	}
	r.names = slices.Compact(r.names)
	return r
}

// report notes a problem at a place of config.yml, once per place, code and name.
func (r *resolver) report(pos config.Position, code, name, message, help string) {
	key := reportKey{pos, code, name}
	if r.reported[key] {
		return
	}
	r.reported[key] = true
	r.problems = append(r.problems, r.file.Problem(pos, code, message, help))
}

// variant resolves one variant.
func (r *resolver) variant(v config.Variant) Selection {
	s := Selection{Variant: v}
	members := r.knownServices(v)
	s.Transports = r.transports(v)
	s.Remote = r.remote(v, members, s.Transports)
	s.Plugins = r.selectPlugins(v, members)
	order, cycles := r.tree.Graph.Order(members)
	r.reportCycles(cycles)
	callers := r.callers(members)
	for _, name := range order {
		s.Services = append(s.Services, r.describe(name, callers[name]))
	}
	return s
}

// callers returns who calls whom among members: for each service those that call it, sorted.
func (r *resolver) callers(members []string) map[string][]string {
	callers := make(map[string][]string)
	for _, name := range members {
		for _, to := range r.tree.Graph.Targets(name, graph.Calls) {
			callers[to] = append(callers[to], name)
		}
	}
	return callers
}

// describe collects what is recorded of a selected service.
func (r *resolver) describe(name string, callers []string) Service {
	g := r.tree.Graph
	found := r.services[name]
	return Service{Package: found.Package, External: found.External != "", Service: manifest.Service{
		Name: name, Import: cmp.Or(found.External, r.tree.Root.ImportPath(layout.ServiceDir(name))), Because: because(callers),
		Calls: g.Targets(name, graph.Calls), Optional: g.Targets(name, graph.Optional),
		Listens: g.Targets(name, graph.Listens), Types: g.Targets(name, graph.Types),
	}}
}
