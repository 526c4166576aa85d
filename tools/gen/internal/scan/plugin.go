package scan

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// Plugin is a folder of plugins/ that declares a Plugin.
type Plugin struct {
	// Code is the folder's name.
	Code string
	// Package is the name in the package clause.
	Package string
	// Domains are the services that it serves, sorted.
	Domains []string
	// Problems say why Domains may be incomplete, or why Plugin may have been missed.
	Problems []config.Problem
	// External is the import path of a plugin of another module, which is no folder here.
	External string
	// Crossings say where it does what a plugin must not.
	Crossings []config.Problem
	// Found tells whether the package has a variable Plugin.
	Found bool
}

// Plugins returns the folders of plugins/ by name: the plugins, and those that
// could be meant to be one. The error is one of the file system.
func (s *Scanner) Plugins() ([]Plugin, error) {
	codes, err := s.folders(layout.PluginsDir)
	if err != nil {
		return nil, err
	}
	return each(codes, s.plugin)
}

// plugin looks at one folder of plugins/.
func (s *Scanner) plugin(code string) (Plugin, error) {
	decl, err := s.declaration(s.folder(s.root.ImportPath(layout.PluginDir(code))), "Plugin")
	p := Plugin{Code: code, Package: decl.clause, Found: decl.name != nil, Problems: decl.broken}
	if p.Found && err == nil {
		s.readDomains(&p, decl)
		p.Crossings, err = s.crossings(code)
	}
	return p, err
}

// crossings says where a plugin does what only services may: use another's
// actions and events.
func (s *Scanner) crossings(code string) ([]config.Problem, error) {
	r := s.reading(ofPlugin, code, s.root.ImportPath(layout.PluginDir(code)))
	if err := r.run(""); err != nil {
		return nil, err
	}
	problems := r.problems
	for _, e := range strongest(r.edges) {
		if e.Kind == graph.Types || e.Kind == graph.Unread {
			continue
		}
		problems = append(problems, config.Problem{
			Path: e.Witness.Path, Line: e.Witness.Line, Column: e.Witness.Column, Excerpt: e.Excerpt, Code: "boundary",
			Message: fmt.Sprintf("plugin %s uses %s of the service %s", code, e.Name, e.To),
			Help:    "a plugin answers services and uses none: let the service that asks it pass in what it needs",
		})
	}
	return problems, nil
}

// readDomains reads which services a plugin serves.
func (s *Scanner) readDomains(p *Plugin, decl declaration) {
	report := func(f *file, n ast.Node, message string) {
		p.Problems = append(p.Problems, s.problem(f, f.at(n.Pos()), "plugin-domains", message,
			"write them out in the literal, as in Domains: []plugin.Domain{plugin.Payments}"))
	}
	reader := domainReader{follower: s.follower(decl.pkg)}
	list, f := reader.list(decl.value, decl.file)
	if list == nil {
		report(decl.file, decl.name, "plugin "+p.Code+" does not say which domains it serves")
		return
	}
	for _, element := range list.Elts {
		if domain, ok := domainName(element); ok {
			p.Domains = append(p.Domains, domain)
		} else {
			report(f, element, "this domain of plugin "+p.Code+" cannot be read")
		}
	}
	slices.Sort(p.Domains)
	p.Domains = slices.Compact(p.Domains)
}

// domainReader finds the literal of the field Domains, through package-level variables.
type domainReader struct {
	follower
	inside bool
}

// list returns the literal and its file; nil when there is none to be read.
func (r *domainReader) list(e ast.Expr, at *file) (*ast.CompositeLit, *file) {
	switch e, at := r.follow(e, at); e := e.(type) {
	case *ast.CompositeLit:
		if r.inside {
			return e, at
		}
		return r.field(e, at)
	case *ast.ParenExpr:
		return r.list(e.X, at)
	case *ast.UnaryExpr:
		return r.list(e.X, at)
	case *ast.CallExpr:
		for _, arg := range e.Args {
			if found, at := r.list(arg, at); found != nil {
				return found, at
			}
		}
	}
	return nil, nil
}

// field looks for Domains among the fields of a literal and of those inside it.
func (r *domainReader) field(e *ast.CompositeLit, at *file) (*ast.CompositeLit, *file) {
	for _, element := range e.Elts {
		field, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := field.Key.(*ast.Ident)
		r.inside = key != nil && key.Name == "Domains"
		found, at := r.list(field.Value, at)
		if found != nil || r.inside {
			return found, at
		}
	}
	return nil, nil
}

// domainName reads one element: plugin.Payments, "payments" or plugin.Domain("payments").
func domainName(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return strings.ToLower(e.Sel.Name), true
	case *ast.BasicLit:
		return literalText(e)
	case *ast.CallExpr:
		if len(e.Args) == 1 {
			return domainName(e.Args[0])
		}
	}
	return "", false
}
