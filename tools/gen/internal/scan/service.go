package scan

import (
	"fmt"
	"go/ast"
	"go/token"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// Service is a folder below services/, or a service of another module.
type Service struct {
	// Name is the folder's.
	Name string
	// Package is the name in the package clause of the file that declares Module.
	Package string
	// Module tells whether the package has a variable Module, which makes it a service.
	Module bool
	// Contract tells whether the folder has a contract, which other services use.
	Contract bool
	// External is the import path of a service of another module, which is no folder here.
	External string
	// Unread is the module of a service whose source is not here, so that it cannot be
	// said what it calls.
	Unread string
	// Broken says why Module may have been missed: files that are no Go.
	Broken []config.Problem
	// Misnamed says why the program would refuse Module: its name is another, or cannot be read.
	Misnamed []config.Problem
}

// Services returns the folders of services/ by name: the services, and those
// that could be meant to be one. The error is one of the file system.
func (s *Scanner) Services() ([]Service, error) {
	names, err := s.folders(layout.ServicesDir)
	if err != nil {
		return nil, err
	}
	return each(names, s.service)
}

// service looks at one folder of services/.
func (s *Scanner) service(name string) (Service, error) {
	contract, err := s.folders(layout.ServiceDir(name))
	if err != nil {
		return Service{}, err
	}
	found := Service{Name: name, Contract: slices.Contains(contract, layout.Contract(name))}
	return found, s.readModule(&found, s.folder(s.root.ImportPath(layout.ServiceDir(name))))
}

// ExternalService looks at a service of another module, which is one in any case:
// where its source is not looked for or is not here, the compiler will say more.
func (s *Scanner) ExternalService(e config.External) (Service, error) {
	found := Service{Name: e.Name.Value, External: e.Import}
	p := s.folder(e.Import)
	if p != nil {
		if err := s.readModule(&found, p); err != nil {
			return Service{}, err
		}
	}
	if p == nil && s.library != nil && !e.NeedsSet || p != nil && len(p.sources) == 0 {
		found.Unread = s.home(e.Import).outside.String()
	}
	found.Package, found.Module, found.Contract, found.Broken = "", true, true, nil
	return found, nil
}

// readModule looks for Module in the service's package.
func (s *Scanner) readModule(found *Service, p *pkg) error {
	decl, err := s.declaration(p, "Module")
	found.Package, found.Module, found.Broken = decl.clause, decl.name != nil, decl.broken
	if found.Module {
		found.Misnamed = s.checkModule(found.Name, decl)
	}
	return err
}

// declaration is a package-level variable and where it was found.
type declaration struct {
	packageVariable
	pkg    *pkg
	file   *file
	clause string
	broken []config.Problem
}

// declaration looks for a package-level variable of a package. Files that do not
// spell the name are not parsed.
func (s *Scanner) declaration(p *pkg, name string) (found declaration, err error) {
	p.read()
	for _, f := range p.sources {
		if !f.mentions(name) {
			continue
		}
		syntax := f.whole()
		if syntax.broken != nil {
			found.broken = append(found.broken, s.syntaxProblem(f, syntax.broken))
		}
		if !f.linked() {
			continue
		}
		for v := range variables(syntax.File) {
			if v.name.Name == name {
				return declaration{v, p, f, syntax.Name.Name, found.broken}, p.err
			}
		}
	}
	return found, p.err
}

// follower finds what names of package-level variables are set to, each once.
type follower struct {
	scanner *Scanner
	pkg     *pkg
	seen    map[*decl]bool
}

func (s *Scanner) follower(p *pkg) follower { return follower{s, p, make(map[*decl]bool)} }

// follow leaves everything but such a name as it is. At is the file that the
// expression is in.
func (f follower) follow(e ast.Expr, at *file) (ast.Expr, *file) {
	for {
		id, ok := e.(*ast.Ident)
		if !ok {
			return e, at
		}
		d := f.pkg.declared(f.scanner)[id.Name]
		if d == nil || d.variable.value == nil || f.seen[d] {
			return e, at
		}
		f.seen[d] = true
		e, at = d.variable.value, d.file
	}
}

// packageVariable is one name of a package-level declaration of variables.
type packageVariable struct {
	name *ast.Ident
	// typ and value are nil where they are not said. A value of several is the call
	// that gives them, and index which of its results this is.
	typ, value ast.Expr
	index      int
}

// variables goes through the package-level variables of a file.
func variables(syntax *ast.File) iter.Seq[packageVariable] {
	return func(yield func(packageVariable) bool) {
		for _, decl := range syntax.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, spec := range group.Specs {
				if values, ok := spec.(*ast.ValueSpec); ok && !eachVariable(values, yield) {
					return
				}
			}
		}
	}
}

func eachVariable(spec *ast.ValueSpec, yield func(packageVariable) bool) bool {
	for i, name := range spec.Names {
		v := packageVariable{name: name, typ: spec.Type}
		switch {
		case len(spec.Values) == len(spec.Names):
			v.value = spec.Values[i]
		case len(spec.Values) == 1:
			v.value, v.index = spec.Values[0], i
		}
		if !yield(v) {
			return false
		}
	}
	return true
}

// each calls do for each name, several at a time, and returns what it gave in the
// order of the names, or the error of the first of them that has one.
func each[T any](names []string, do func(name string) (T, error)) ([]T, error) {
	found, errs := make([]T, len(names)), make([]error, len(names))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(len(names), runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(names); i = int(next.Add(1)) - 1 {
				found[i], errs[i] = do(names[i])
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("read the source tree: %w", err)
		}
	}
	return found, nil
}
