package scan

import (
	"go/ast"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// typ judges what values of a type can hold.
func (j judge) typ(e ast.Expr) nature {
	switch e := e.(type) {
	case *ast.Ident:
		return j.typeName(e)
	case *ast.SelectorExpr:
		return j.foreignType(e)
	case *ast.ParenExpr:
		return j.typ(e.X)
	case *ast.StarExpr:
		return j.typ(e.X)
	case *ast.ArrayType:
		return j.typ(e.Elt)
	case *ast.ChanType:
		return j.typ(e.Value)
	case *ast.MapType:
		return max(j.typ(e.Key), j.typ(e.Value))
	case *ast.StructType:
		return j.structure(e)
	case *ast.IndexExpr:
		return max(j.typ(e.X), j.arguments(e.X, e.Index))
	case *ast.IndexListExpr:
		return max(j.typ(e.X), j.arguments(e.X, e.Indices...))
	}
	return unclear
}

// arguments judges the type arguments of a generic type; those of an action or an
// event are what it carries, not what it holds.
func (j judge) arguments(generic ast.Expr, all ...ast.Expr) nature {
	found := inert
	if of := j.typ(generic); of == action || of == event {
		return of
	}
	for _, e := range all {
		found = max(found, j.typ(e))
	}
	return found
}

func (j judge) structure(e *ast.StructType) nature {
	found := inert
	for _, f := range e.Fields.List {
		found = max(found, j.typ(f.Type))
	}
	return found
}

// typeName judges a type of the package, or one that Go has by itself.
func (j judge) typeName(e *ast.Ident) nature {
	d := j.pkg.declared(j.scanner)[e.Name]
	switch {
	case j.file.resolved().hides(e):
		return unclear // a type parameter
	case d != nil && d.typ != nil:
		return j.named(j.pkg, d)
	case d == nil && plainTypes[e.Name]:
		return inert
	case d == nil && j.scope.bare:
		return j.ofBus(e.Name)
	}
	return unclear
}

// named judges a declared type, each once: one that holds itself holds no more for it.
func (j judge) named(p *pkg, d *decl) nature {
	if j.seen[d] {
		return inert
	}
	j.seen[d] = true
	return j.at(p, d).typ(d.typ)
}

// foreignType judges a type of another package.
func (j judge) foreignType(e *ast.SelectorExpr) nature {
	h, ok := j.scope.of(j.file.resolved(), e.X)
	if !ok {
		return unclear
	}
	if h.path == layout.Bus {
		return j.ofBus(e.Sel.Name)
	}
	p := j.scanner.pkg(h.path)
	if p == nil {
		return plain(h)
	}
	if d := p.declared(j.scanner)[e.Sel.Name]; d != nil && d.typ != nil {
		return j.named(p, d)
	}
	return unclear
}
