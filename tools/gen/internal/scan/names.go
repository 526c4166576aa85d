package scan

import (
	"go/ast"
	"go/token"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// ref is a package-level name of a package, which is known by its import path.
type ref struct{ pkg, name string }

// decl is the declaration of a package-level name, with the methods of a type.
type decl struct {
	file     *file
	constant bool
	// variable is set for a variable, typ for a type and fn for a function.
	variable packageVariable
	typ      ast.Expr
	fn       *ast.FuncDecl
	mentions
}

// declared reads the declarations of the package, once.
func (p *pkg) declared(s *Scanner) map[string]*decl {
	p.declaring.Do(func() {
		p.names, p.constants = make(map[string]*decl), make(textConstants)
		p.setters = make(map[string][]*decl)
		for _, f := range s.pkg(p.home.path).files {
			syntax := f.whole()
			if syntax.broken != nil && (f.eager || f.imports().broken == nil) {
				p.broken = append(p.broken, s.syntaxProblem(f, syntax.broken))
			}
			p.constants.add(syntax.File)
			sc := s.scope(f)
			if sc.dot != nil {
				p.broken = append(p.broken, s.problem(f, f.at(sc.dot.Pos()), "dot-import",
					importPath(sc.dot)+" is imported with a dot, which hides what is used of it", "import it by its name"))
			}
			p.add(walker{pkg: p, file: f, scope: sc})
		}
	})
	return p.names
}

// add collects the declarations of one file.
func (p *pkg) add(w walker) {
	for v := range variables(w.file.whole().File) {
		name := v.name.Name
		if name == "_" && acts(v.value) {
			name = initializer
		}
		d := p.declare(name, w.file)
		if name != initializer {
			d.file, d.variable = w.file, v
		}
		into := w.in(d, nil)
		into.walk(v.typ)
		into.walk(v.value)
	}
	for _, syntax := range w.file.whole().Decls {
		switch syntax := syntax.(type) {
		case *ast.FuncDecl:
			p.addFunction(w, syntax)
		case *ast.GenDecl:
			if syntax.Tok == token.CONST {
				p.addConstants(w, syntax.Specs)
			}
			for _, spec := range syntax.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					p.addType(w, spec)
				}
			}
		}
	}
}

// addConstants adds a group of constants, with what they are of: a constant has the
// methods of its type. One without a value has that of the one before.
func (p *pkg) addConstants(w walker, group []ast.Spec) {
	var said *ast.ValueSpec
	for _, spec := range group {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if said == nil || len(spec.Values) > 0 {
			said = spec
		}
		for _, name := range spec.Names {
			d := p.declare(name.Name, w.file)
			d.constant = true
			into := w.in(d, nil)
			into.walk(said.Type)
			for _, value := range said.Values {
				into.walk(value)
			}
		}
	}
}

func (p *pkg) addType(w walker, spec *ast.TypeSpec) {
	d := p.declare(spec.Name.Name, w.file)
	d.file, d.typ = w.file, spec.Type
	w.in(d, nil).walk(spec.Type)
	// The methods of an alias are those of the type that it stands for.
	if of, ok := spec.Type.(*ast.Ident); ok && spec.Assign.IsValid() {
		p.declare(of.Name, w.file).refer(ref{p.home.path, spec.Name.Name})
	}
}

// addFunction adds a function, or a method to its type.
func (p *pkg) addFunction(w walker, syntax *ast.FuncDecl) {
	var d *decl
	if syntax.Recv != nil && len(syntax.Recv.List) > 0 {
		d = p.declare(receiver(syntax.Recv.List[0].Type), w.file)
	} else {
		d = p.declare(syntax.Name.Name, w.file)
		d.fn = syntax
	}
	into := w.in(d, syntax)
	into.walk(syntax.Type)
	if syntax.Body == nil {
		d.unsaid = graph.Calls // what it does stands in no Go
		return
	}
	into.walk(syntax.Body)
}

// declare returns the declaration of a name: a type's methods may come before it.
func (p *pkg) declare(name string, f *file) *decl {
	d := p.names[name]
	if d == nil {
		d = &decl{file: f, mentions: mentions{refs: make(map[ref]bool)}}
		p.names[name] = d
	}
	return d
}

// receiver is the name of a method's type.
func receiver(typ ast.Expr) string {
	for {
		switch e := typ.(type) {
		case *ast.Ident:
			return e.Name
		case *ast.StarExpr:
			typ = e.X
		case *ast.ParenExpr:
			typ = e.X
		case *ast.IndexExpr:
			typ = e.X
		case *ast.IndexListExpr:
			typ = e.X
		default:
			return ""
		}
	}
}

// scope is what a file calls the packages that it imports.
type scope struct {
	homes map[string]home
	// bare tells that package bus was imported into the file's own names.
	bare bool
	// dot is the import that does so with a package that is read; that hides what is used of it.
	dot *ast.ImportSpec
}

// scope reads the imports of a file.
func (s *Scanner) scope(f *file) *scope {
	found := &scope{homes: make(map[string]home)}
	for _, spec := range f.imports().Imports {
		h := s.home(importPath(spec))
		name := localName(spec, s.clause(h))
		found.homes[name] = h
		if name == "." && h.read() {
			found.dot = spec
		}
		found.bare = found.bare || name == "." && h.path == layout.Bus
	}
	return found
}

// clause is the name in the package clause of a package; where it is not read, the
// one that its import path suggests.
func (s *Scanner) clause(h home) string {
	if p := s.pkg(h.path); p != nil && p.name != "" {
		return p.name
	}
	return layout.PackageName(h.path)
}

// of is the package that an expression is the name of.
func (sc *scope) of(f *file, e ast.Expr) (home, bool) {
	id, ok := e.(*ast.Ident)
	if !ok || f.hides(id) {
		return home{}, false
	}
	h, ok := sc.homes[id.Name]
	return h, ok
}
