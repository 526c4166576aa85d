package scan

import (
	"bytes"
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

// Service is a folder below services/.
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
	// Broken says why Module may have been missed: files that are no Go.
	Broken []config.Problem
}

// Services returns the folders of services/ by name: the services, and those
// that could be meant to be one. The error is one of the file system.
func (s *Scanner) Services() ([]Service, error) {
	names, err := s.folders(layout.ServicesDir)
	if err != nil {
		return nil, err
	}
	found := make([]Service, len(names))
	err = each(len(names), func(i int) (err error) {
		found[i], err = s.service(names[i])
		return err
	})
	return found, err
}

// service looks at one folder of services/.
func (s *Scanner) service(name string) (Service, error) {
	files, err := s.files(layout.ServiceDir(name))
	if err != nil {
		return Service{}, err
	}
	contract, err := s.folders(layout.ServiceDir(name))
	if err != nil {
		return Service{}, err
	}
	found := Service{Name: name, Contract: slices.Contains(contract, layout.Contract(name))}
	decl := s.declaration(files, "Module")
	found.Package, found.Module, found.Broken = decl.pkg, decl.name != nil, decl.broken
	return found, nil
}

// declaration is a package-level variable and where it was found.
type declaration struct {
	pkg    string
	file   *file
	name   *ast.Ident
	value  ast.Expr
	broken []config.Problem
}

// declaration looks for a package-level variable in files. Those that do not
// spell the name are not parsed.
func (s *Scanner) declaration(files []*file, name string) declaration {
	var found declaration
	for _, f := range files {
		if !bytes.Contains(f.text, []byte(name)) {
			continue
		}
		f.parse(withComments)
		if f.broken != nil {
			found.broken = append(found.broken, s.syntaxProblem(f))
		}
		if f.ignored() {
			continue
		}
		if found.name, found.value = variable(f.syntax, name); found.name != nil {
			found.pkg, found.file = f.syntax.Name.Name, f
			return found
		}
	}
	return found
}

// syntaxProblem reports where a file stops being Go.
func (s *Scanner) syntaxProblem(f *file) config.Problem {
	return s.problem(f, f.brokenAt(), "syntax", "this is not Go: "+f.broken.text, "")
}

// variable finds a package-level variable and what it is set to, if that is said beside it.
func variable(syntax *ast.File, name string) (ident *ast.Ident, value ast.Expr) {
	for found, set := range variables(syntax) {
		if found.Name == name {
			return found, set
		}
	}
	return nil, nil
}

// variables goes through the package-level variables of a file and what they are
// set to, which is nil where that is not said for each.
func variables(syntax *ast.File) iter.Seq2[*ast.Ident, ast.Expr] {
	return func(yield func(*ast.Ident, ast.Expr) bool) {
		for _, spec := range variableSpecs(syntax) {
			for i, name := range spec.Names {
				var value ast.Expr
				if len(spec.Values) == len(spec.Names) {
					value = spec.Values[i]
				}
				if !yield(name, value) {
					return
				}
			}
		}
	}
}

// variableSpecs are the package-level declarations of variables in a file.
func variableSpecs(syntax *ast.File) []*ast.ValueSpec {
	var specs []*ast.ValueSpec
	for _, decl := range syntax.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			if values, ok := spec.(*ast.ValueSpec); ok {
				specs = append(specs, values)
			}
		}
	}
	return specs
}

// each calls do for 0 to n-1, several at a time, and returns the error of the
// lowest number.
func each(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				errs[i] = do(int(i))
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("read the source tree: %w", err)
		}
	}
	return nil
}
