package project

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// Source is what a project is made from. It holds no state of this machine but
// what is in FS.
type Source struct {
	// FS is the tree; its "." is the root.
	FS fs.FS
	// Root and Transports are as in Place.
	Root       layout.Root
	Transports []layout.Transport
	// Modules are the paths of the module and of those that its go.mod requires.
	Modules []string
	// Config is the text of config.yml, and ConfigName its path in messages.
	Config     []byte
	ConfigName string
	// Shown is a path of FS in messages.
	Shown func(name string) string
	// Library finds the source of other modules; nil when none is to be had.
	Library scan.Library
}

// Project is a tree that was read and resolved.
type Project struct {
	resolve.Tree
	Selections []resolve.Selection
}

// Open reads the source of the tree at a place from disk.
func Open(p Place) (Source, error) {
	text, err := config.Read(p.Config)
	if err != nil {
		return Source{}, err
	}
	p.Library.Shown = p.seen
	return Source{
		FS: os.DirFS(p.Dir), Root: p.Root, Transports: p.Transports(), Modules: p.Library.Paths,
		Config: text, ConfigName: p.seen(p.Config), Shown: p.Shown, Library: p.Library,
	}, nil
}

// Scope says how much of the tree is read.
type Scope int

const (
	// Selected reads the services that a variant selects.
	Selected Scope = iota
	// Everything reads all services.
	Everything
)

// Load reads and resolves a tree. The error is config.Problems when the input is
// wrong, all problems at once, and else one of the file system.
func Load(src Source, scope Scope) (*Project, error) {
	file, problems := config.ParsePartial(src.ConfigName, src.Config)
	if file == nil {
		return nil, problems.Err()
	}
	variants, err := file.Variants()
	if err != nil {
		return nil, err
	}
	if len(variants) == 0 && len(problems) == 0 {
		problems = append(problems, nothingSelected(file))
	}
	scanner := scan.New(src.FS, src.Root, src.Shown)
	if src.Library != nil {
		scanner.Library(src.Library)
	}
	for _, e := range file.Externals() {
		scanner.External(e)
	}
	p := &Project{Tree: resolve.Tree{Root: src.Root, Modules: src.Modules, Transports: src.Transports}}
	if p.Services, err = scanner.Services(); err != nil {
		return nil, err
	}
	if p.Plugins, err = scanner.Plugins(); err != nil {
		return nil, err
	}
	if err := p.addExternals(scanner, file); err != nil {
		return nil, err
	}
	uses, err := scanner.Uses(p.names(scope, variants))
	if err != nil {
		return nil, err
	}
	problems = append(problems, uses.Problems...)
	p.Graph, p.Links = graph.New(uses.Edges), scanner.Links()
	selections, more := resolve.Resolve(file, variants, p.Tree)
	p.Selections = selections
	problems = slices.Concat(problems, more, p.unlinkable(scanner, src.Shown))
	if len(problems) == 0 {
		problems = resolve.Unused(file, p.Selections)
	}
	return p, problems.Err()
}

// addExternals adds the services and plugins of other modules to those of the tree.
func (p *Project) addExternals(scanner *scan.Scanner, file *config.File) error {
	for _, e := range file.Externals() {
		s, err := scanner.ExternalService(e)
		if err != nil {
			return err
		}
		p.Services = append(p.Services, s)
	}
	for _, e := range file.ExternalPlugins() {
		p.Plugins = append(p.Plugins, scan.Plugin{Code: e.Name.Value, Domains: e.Domains, External: e.Import, Found: true})
	}
	slices.SortStableFunc(p.Services, func(a, b scan.Service) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(p.Plugins, func(a, b scan.Plugin) int { return strings.Compare(a.Code, b.Code) })
	return nil
}

// names are the services that are read: those of which the source is here.
func (p *Project) names(scope Scope, variants []config.Variant) []string {
	asked := make(map[string]bool)
	for _, v := range variants {
		for _, name := range v.Services {
			asked[name.Value] = true
		}
	}
	var names []string
	for _, s := range p.Services {
		if s.Module && s.Unread == "" && (scope == Everything || asked[s.Name]) {
			names = append(names, s.Name)
		}
	}
	return slices.Compact(names)
}

// ServiceNames are all services, sorted.
func (p *Project) ServiceNames() []string {
	var names []string
	for _, s := range p.Services {
		if s.Module {
			names = append(names, s.Name)
		}
	}
	return names
}

// CheckService says of a name that is no service of the tree which there are.
func (p *Project) CheckService(name string) error {
	names := p.ServiceNames()
	if slices.Contains(names, name) {
		return nil
	}
	return unknown("service", name, names)
}

func unknown(what, name string, have []string) error {
	err := fmt.Errorf("there is no %s %s; there are: %s", what, name, strings.Join(have, ", "))
	if near, ok := config.Nearest(name, have); ok {
		err = fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return err
}

func nothingSelected(file *config.File) config.Problem {
	return file.Problem(config.Position{Path: file.Path(), Line: 1, Column: 1}, "nothing-selected",
		"no variant is defined, so there is nothing to generate",
		"list services under orchestrator.services, or variants under orchestrator.variants")
}

// Files renders the files of all variants, by path.
func (p *Project) Files() ([]render.File, error) {
	var files []render.File
	for _, s := range p.Selections {
		program, err := render.Program(p.Root, p.Modules, s)
		if err != nil {
			return nil, err
		}
		files = append(files, program...)
	}
	return append(files, render.VariantsFile(p.Root, p.Selections)), nil
}

// Find returns the selection of a variant.
func (p *Project) Find(variant string) (resolve.Selection, error) {
	var names []string
	for _, s := range p.Selections {
		if s.Variant.Name == variant {
			return s, nil
		}
		names = append(names, s.Variant.Name)
	}
	return resolve.Selection{}, unknown("variant", variant, names)
}
