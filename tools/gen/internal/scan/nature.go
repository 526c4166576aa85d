package scan

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// nature says what a variable can hold, by its type. The greater one wins where
// several come together.
type nature int

const (
	// inert is data: texts, numbers, and structs and lists of such.
	inert nature = iota
	// foreign is an error, or what the standard library or the runtime declares: it holds
	// something of ours only where it was put there, which whoever does it mentions.
	foreign
	// message is an action or an event.
	message
	// unclear is what can hold anything, and what cannot be told.
	unclear
)

// plainNames are what Go has by itself and is data, holds or gives such.
var plainNames = wordSet(`bool byte complex64 complex128 float32 float64 int int8 int16 int32 int64
	rune string uint uint8 uint16 uint32 uint64 uintptr true false cap complex copy imag len max min real`)

// judge finds the nature of expressions of one file.
type judge struct {
	scanner *Scanner
	pkg     *pkg
	file    *file
	scope   *scope
	seen    map[*decl]bool
}

// nature is what a package-level variable can hold.
func (s *Scanner) nature(p *pkg, d *decl) nature {
	return judge{scanner: s, seen: make(map[*decl]bool)}.variable(p, d)
}

// at moves to the file of a declaration.
func (j judge) at(p *pkg, d *decl) judge {
	j.seen[d] = true
	j.pkg, j.file, j.scope = p, d.file, j.scanner.scope(d.file)
	return j
}

// variable judges by the type where it is said, and else by the value.
func (j judge) variable(p *pkg, d *decl) nature {
	switch v := d.variable; {
	case j.seen[d]:
		return unclear
	case v.typ != nil:
		return j.at(p, d).expr(v.typ, 0)
	default:
		return j.at(p, d).expr(v.value, v.index)
	}
}

// expr judges a value, or a type by what its values can hold; index is which of the
// results of a call is meant.
func (j judge) expr(e ast.Expr, index int) nature {
	switch e := e.(type) {
	case *ast.BasicLit, *ast.BinaryExpr:
		return inert
	case *ast.ParenExpr:
		return j.expr(e.X, index)
	case *ast.CallExpr:
		return j.call(e, index)
	case *ast.Ident:
		return j.name(j.pkg, e)
	case *ast.SelectorExpr:
		return j.selected(e)
	case *ast.IndexExpr:
		return j.indexed(e.X, e.Index)
	case *ast.IndexListExpr:
		return j.indexed(e.X, e.Indices...)
	case *ast.MapType:
		return max(j.expr(e.Key, 0), j.expr(e.Value, 0))
	case *ast.StructType:
		found := inert
		for _, f := range e.Fields.List {
			found = max(found, j.expr(f.Type, 0))
		}
		return found
	}
	if part := element(e); part != nil {
		return j.expr(part, 0)
	}
	return unclear
}

// element is what an expression holds what it holds by; nil where there is none.
func element(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		return e.X
	case *ast.StarExpr:
		return e.X
	case *ast.SliceExpr:
		return e.X
	case *ast.CompositeLit:
		return e.Type
	case *ast.TypeAssertExpr:
		return e.Type
	case *ast.ArrayType:
		return e.Elt
	case *ast.ChanType:
		return e.Value
	}
	return nil
}

// indexed judges an element, or a generic type with its arguments; those of an
// action or an event are what it carries, not what it holds.
func (j judge) indexed(of ast.Expr, by ...ast.Expr) nature {
	return j.carrying(j.expr(of, 0), by)
}

// carrying adds the nature of what a generic type or function is given.
func (j judge) carrying(found nature, by []ast.Expr) nature {
	for _, e := range by {
		if found < message {
			found = max(found, j.expr(e, 0))
		}
	}
	return found
}

// name judges a package-level name, or one that Go has by itself.
func (j judge) name(p *pkg, id *ast.Ident) nature {
	d := p.declared(j.scanner)[id.Name]
	switch {
	case typeParameter(id):
		return inert // the type that it stands for is judged where it is given
	case j.file.hides(id):
		return unclear
	case d == nil && plainNames[id.Name]:
		return inert
	case d == nil && id.Name == "error":
		return foreign
	case d == nil && j.scope.bare:
		return ofBus(id.Name)
	case d == nil:
		return unclear
	case d.constant:
		return inert
	case d.variable.name != nil:
		return j.variable(p, d)
	case d.typ != nil && j.seen[d]:
		return inert // a type that holds itself holds no more for it
	case d.typ != nil:
		return j.at(p, d).expr(d.typ, 0)
	}
	return unclear
}

// typeParameter tells a name of a generic declaration's parameters that stands for a type.
func typeParameter(id *ast.Ident) bool {
	if id.Obj == nil || id.Obj.Kind != ast.Typ {
		return false
	}
	_, ok := id.Obj.Decl.(*ast.Field)
	return ok
}

// selected judges a name of another package, or a field.
func (j judge) selected(e *ast.SelectorExpr) nature {
	h, ok := j.scope.of(j.file, e.X)
	if !ok {
		return j.expr(e.X, 0)
	}
	if p := j.scanner.pkg(h.path); p != nil {
		return j.name(p, e.Sel)
	}
	return plain(h, e.Sel.Name)
}

// plain judges a name of a package that is not read.
func plain(h home, name string) nature {
	switch {
	case h.path == layout.Bus:
		return ofBus(name)
	case h.kind == ofNobody && !h.beyond && !h.outside.Apart:
		return foreign // not of another module, which a build cannot tell from one that calls
	}
	return unclear
}

// ofBus judges a name of package bus: a type, or what a function gives.
func ofBus(name string) nature {
	switch strings.TrimPrefix(name, "New") {
	case "Action", "Event", "DurableEvent":
		return message
	case "Bus", "Node":
		return unclear
	}
	return inert
}

// call judges one of the results of a call, or a conversion.
func (j judge) call(e *ast.CallExpr, index int) nature {
	fun, types := callee(e)
	switch fun := fun.(type) {
	case *ast.Ident:
		if slices.Contains([]string{"append", "make", "new"}, fun.Name) && len(e.Args) > 0 {
			return j.expr(e.Args[0], 0)
		}
		return j.result(j.pkg, fun, e, index)
	case *ast.SelectorExpr:
		h, ok := j.scope.of(j.file, fun.X)
		if !ok {
			return j.method(fun)
		}
		if p := j.scanner.pkg(h.path); p != nil {
			return j.result(p, fun.Sel, e, index)
		}
		return j.carrying(plain(h, fun.Sel.Name), types)
	case *ast.FuncLit:
		return j.expr(resultType(fun.Type, index), 0)
	default:
		return j.expr(fun, 0)
	}
}

// method judges the result of a method: those that describe or bind an action or
// an event give it back, and those of the standard library give what is of it.
func (j judge) method(fun *ast.SelectorExpr) nature {
	switch of := j.expr(fun.X, 0); {
	case of == message && slices.Contains([]string{"Doc", "Example", "Flushed", "With"}, fun.Sel.Name):
		return message
	case of == foreign:
		return foreign
	}
	return unclear
}

// result judges the result of a function, or a conversion to a type.
func (j judge) result(p *pkg, fun *ast.Ident, e *ast.CallExpr, index int) nature {
	d := p.declared(j.scanner)[fun.Name]
	_, types := callee(e)
	switch {
	case d == nil || d.fn == nil:
		return j.carrying(j.name(p, fun), types)
	case d.fn.Type.TypeParams != nil && len(types) == 0:
		types = e.Args // from which Go infers them
	case d.fn.Type.TypeParams == nil:
		types = nil
	}
	return j.carrying(j.at(p, d).expr(resultType(d.fn.Type, index), 0), types)
}

// resultType is the type of one of a function's results.
func resultType(fn *ast.FuncType, index int) ast.Expr {
	if fn.Results == nil {
		return nil
	}
	for _, f := range fn.Results.List {
		if index -= max(len(f.Names), 1); index < 0 {
			return f.Type
		}
	}
	return nil
}
