package scan

import (
	"fmt"
	"go/ast"
	"path"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// checkModule compares the name that Module gives itself with the one of its
// folder: a program refuses to start with a service of another name, and
// generating it again would not help.
func (s *Scanner) checkModule(name string, decl declaration) []config.Problem {
	f := decl.file
	report := func(n ast.Node, message, help string) []config.Problem {
		return []config.Problem{s.problem(f, f.at(n.Pos()), "module-name", message, help)}
	}
	example := fmt.Sprintf("write it out: var Module = service.Module[*Service](%q, New)", name)
	literal, at, of := s.moduleName(decl)
	if literal != nil {
		f = at
	}
	switch {
	case literal != nil && of == name:
		return nil
	case literal != nil && of != "":
		return report(literal, fmt.Sprintf("the service %s calls itself %q", name, of), fmt.Sprintf("write %q: the folder, the module and the prefix of the actions have one name", name))
	case literal != nil:
		return report(literal, "the name of the service "+name+" cannot be read", example)
	case decl.value == nil && decl.file.isDefinition(decl.typ):
		return report(decl.name, "Module of the service "+name+" is not set where it is declared", example)
	case decl.file.canDefine(decl.value), decl.value != nil && decl.file.isDefinition(decl.typ):
		return report(decl.value, "what Module of the service "+name+" is cannot be read", example)
	}
	return nil // no service.Definition, which the compiler refuses
}

// canDefine tells a value that can be a service.Definition: a call, or a literal of it.
func (f *file) canDefine(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CallExpr:
		return true
	case *ast.CompositeLit:
		return f.isDefinition(e.Type)
	case *ast.ParenExpr:
		return f.canDefine(e.X)
	}
	return false
}

// isDefinition tells whether a type is service.Definition.
func (f *file) isDefinition(typ ast.Expr) bool {
	selector, ok := typ.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Definition" && f.importsAs(selector.X, layout.Service)
}

// moduleName finds the argument of service.Module that names the service, through
// package-level variables, and what it says; empty when that cannot be read.
func (s *Scanner) moduleName(decl declaration) (literal ast.Expr, at *file, name string) {
	value, at := s.follower(decl.pkg).follow(decl.value, decl.file)
	call, ok := value.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, nil, ""
	}
	fun, _ := callee(call)
	selector, ok := fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Module" || !at.importsAs(selector.X, layout.Service) {
		return nil, nil, ""
	}
	literal = call.Args[0]
	if text, ok := literalText(literal); ok {
		return literal, at, text
	}
	decl.pkg.declared(s)
	if text, whole := decl.pkg.constants.fold(literal); whole {
		return literal, at, text
	}
	return literal, at, ""
}

// callee is what a call calls, and the types that it is called for.
func callee(call *ast.CallExpr) (fun ast.Expr, types []ast.Expr) {
	switch e := ast.Unparen(call.Fun).(type) {
	case *ast.IndexExpr:
		return ast.Unparen(e.X), []ast.Expr{e.Index}
	case *ast.IndexListExpr:
		return ast.Unparen(e.X), e.Indices
	default:
		return e, nil
	}
}

// importsAs tells whether an expression is the file's name for a package of the runtime.
func (f *file) importsAs(e ast.Expr, importPathWanted string) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	for _, spec := range f.imports().Imports {
		if importPath(spec) == importPathWanted && localName(spec, path.Base(importPathWanted)) == id.Name {
			return true
		}
	}
	return false
}

// localName is the name by which a file knows an import whose package is called base.
func localName(spec *ast.ImportSpec, base string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return base
}
