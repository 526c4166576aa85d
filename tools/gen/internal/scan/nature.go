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
	// inert is data: texts, numbers, errors, and structs and lists of such.
	inert nature = iota
	// event is an event, or a structure of data and events.
	event
	// action is the same with actions.
	action
	// unclear is what can hold anything, and what cannot be told.
	unclear
)

// plainPackages are those of the standard library whose types hold nothing but
// data, and whose functions give nothing else.
var plainPackages = []string{
	"encoding/json", "errors", "fmt", "math", "math/big", "net/netip", "net/url", "regexp",
	"strconv", "strings", "time", "unicode", "unicode/utf8",
}

// plainTypes are the types that Go has by itself and that hold data.
var plainTypes = wordSet(`bool byte complex64 complex128 error float32 float64 int int8 int16 int32 int64
	rune string uint uint8 uint16 uint32 uint64 uintptr`)

// plainCalls are the functions that Go has by itself and that give data.
var plainCalls = wordSet("cap copy imag len real")

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
	j.pkg, j.file, j.scope = p, d.file, j.scanner.scope(d.file)
	return j
}

// variable judges by the type where it is said, and else by the value.
func (j judge) variable(p *pkg, d *decl) nature {
	if j.seen[d] {
		return unclear
	}
	j.seen[d] = true
	j = j.at(p, d)
	if d.variable.typ != nil {
		return j.typ(d.variable.typ)
	}
	return j.value(d.variable.value, d.variable.index)
}

// value judges an expression; index is which of the results of a call is meant.
func (j judge) value(e ast.Expr, index int) nature {
	switch e := e.(type) {
	case *ast.BasicLit, *ast.BinaryExpr:
		return inert
	case *ast.ParenExpr:
		return j.value(e.X, index)
	case *ast.UnaryExpr:
		return j.value(e.X, 0)
	case *ast.StarExpr:
		return j.value(e.X, 0)
	case *ast.IndexExpr:
		return j.value(e.X, 0)
	case *ast.SliceExpr:
		return j.value(e.X, 0)
	case *ast.CompositeLit:
		return j.typ(e.Type)
	case *ast.TypeAssertExpr:
		return j.typ(e.Type)
	case *ast.CallExpr:
		return j.call(e, index)
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return inert
		}
		return j.name(j.pkg, e.Name)
	case *ast.SelectorExpr:
		return j.selected(e)
	}
	return unclear
}

// name judges the value of a package-level name.
func (j judge) name(p *pkg, name string) nature {
	d := p.declared(j.scanner)[name]
	switch {
	case d == nil:
		return unclear
	case d.kind == aConstant:
		return inert
	case d.kind == aVariable:
		return j.variable(p, d)
	}
	return unclear
}

// selected judges a name of another package, or a field.
func (j judge) selected(e *ast.SelectorExpr) nature {
	h, ok := j.scope.of(j.file.resolved(), e.X)
	if !ok {
		return j.value(e.X, 0)
	}
	if p := j.scanner.pkg(h.path); p != nil {
		return j.name(p, e.Sel.Name)
	}
	return plain(h)
}

// plain judges what is of a package that is not read.
func plain(h home) nature {
	if h.kind == ofNobody && (slices.Contains(plainPackages, h.path) || layout.IsRuntime(h.path)) {
		return inert
	}
	return unclear
}

// call judges one of the results of a call.
func (j judge) call(e *ast.CallExpr, index int) nature {
	switch fun := callee(e).(type) {
	case *ast.Ident:
		switch {
		case plainCalls[fun.Name]:
			return inert
		case (fun.Name == "make" || fun.Name == "new") && len(e.Args) > 0:
			return j.typ(e.Args[0])
		case j.scope.bare && j.pkg.declared(j.scanner)[fun.Name] == nil:
			return j.ofBus(fun.Name)
		}
		return j.result(j.pkg, fun, index)
	case *ast.SelectorExpr:
		h, ok := j.scope.of(j.file.resolved(), fun.X)
		switch {
		case !ok:
			return j.method(fun)
		case h.path == layout.Bus:
			return j.ofBus(fun.Sel.Name)
		}
		if p := j.scanner.pkg(h.path); p != nil {
			return j.result(p, fun.Sel, index)
		}
		return plain(h)
	case *ast.ArrayType, *ast.MapType, *ast.StarExpr:
		return j.typ(fun)
	}
	return unclear
}

// ofBus judges a name of package bus: a type, or what a function gives.
func (j judge) ofBus(name string) nature {
	switch strings.TrimPrefix(name, "New") {
	case "Action":
		return action
	case "Event", "DurableEvent":
		return event
	case "Bus", "Node":
		return unclear
	}
	return inert
}

// method judges the result of a method: those that describe or bind an action or
// an event give it back.
func (j judge) method(fun *ast.SelectorExpr) nature {
	of := j.value(fun.X, 0)
	same := slices.Contains([]string{"Doc", "Example", "Flushed", "With"}, fun.Sel.Name)
	if same && (of == action || of == event) {
		return of
	}
	return unclear
}

// result judges the result of a function, or a conversion to a type.
func (j judge) result(p *pkg, fun *ast.Ident, index int) nature {
	d := p.declared(j.scanner)[fun.Name]
	switch {
	case d == nil && plainTypes[fun.Name]:
		return inert // a conversion
	case d == nil:
		return unclear
	case d.kind == aType && d.typ != nil:
		return j.named(p, d)
	case d.kind == aFunction && d.fn != nil:
		if typ := resultType(d.fn, index); typ != nil {
			return j.at(p, d).typ(typ)
		}
	}
	return unclear
}

// resultType is the type of one of a function's results.
func resultType(fn *ast.FuncDecl, index int) ast.Expr {
	if fn.Type.Results == nil {
		return nil
	}
	for _, f := range fn.Type.Results.List {
		if index -= max(len(f.Names), 1); index < 0 {
			return f.Type
		}
	}
	return nil
}
