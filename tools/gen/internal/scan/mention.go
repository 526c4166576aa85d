package scan

import (
	"go/ast"
	"slices"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// mentions are what the declaration of a name has in it.
type mentions struct {
	// refs are the package-level names, of any package; true for one that is also
	// among the calls.
	refs map[ref]bool
	// calls are what may make an action or an event by its name.
	calls []call
	// outward tells that it sets a variable of another package.
	outward bool
	// unsaid is Calls where an action is meant, and Listens where an event is, and
	// nothing says of which service.
	unsaid graph.Kind
}

// call is a call of a package-level function, or its mention where that is not
// called but passed on.
type call struct {
	// to is the function; makes is set instead where it is the bus's own that makes
	// an action (Calls) or an event (Listens).
	to    ref
	makes graph.Kind
	at    ast.Expr
	args  []ast.Expr
	file  *file
	// inside is the function that the call stands in, if it stands in one.
	inside *ast.FuncDecl
}

// making are the names of package bus that make an action or an event.
var making = map[string]graph.Kind{
	"NewAction": graph.Calls, "NewEvent": graph.Listens, "NewDurableEvent": graph.Listens,
}

// made are the names of package bus that are an action or an event.
var made = map[string]graph.Kind{
	"Action": graph.Calls, "Event": graph.Listens, "DurableEvent": graph.Listens,
}

// refer makes an entry for r if there is none.
func (m *mentions) refer(r ref) { m.refs[r] = m.refs[r] } //nolint:staticcheck // the zero value is an entry

// imply notes an action or an event of which nothing says whose it is.
func (m *mentions) imply(kind graph.Kind) {
	if kind != "" && m.unsaid != graph.Calls {
		m.unsaid = kind
	}
}

// walker collects mentions in a part of a file.
type walker struct {
	pkg    *pkg
	file   *file
	scope  *scope
	into   *decl
	inside *ast.FuncDecl
	// field tells the type of a field or parameter: that of a package which is not
	// read is no more than data there.
	field bool
}

func (w walker) in(d *decl, inside *ast.FuncDecl) walker {
	w.into, w.inside = d, inside
	return w
}

func (w walker) walk(part ast.Node) {
	if part == nil {
		return
	}
	ast.Inspect(part, func(n ast.Node) bool {
		w.sets(n)
		switch e := n.(type) {
		case *ast.FieldList:
			w.fields(e)
			return false
		case *ast.CallExpr:
			return w.call(e)
		case *ast.SelectorExpr:
			w.selector(e)
			return false
		case *ast.KeyValueExpr:
			return w.keyed(e)
		case *ast.Ident:
			w.ident(e)
		}
		return true
	})
}

// sets notes the package-level variables that a statement changes or lends, and those
// of which it calls a method with something of the package.
func (w walker) sets(n ast.Node) {
	changed := targets(n)
	if e, ok := n.(*ast.CallExpr); ok {
		if fun, ok := e.Fun.(*ast.SelectorExpr); ok && slices.ContainsFunc(e.Args, w.gives) {
			changed = []ast.Expr{fun.X}
		}
	}
	for _, e := range changed {
		id := root(e)
		if id == nil || w.file.hides(id) {
			continue
		}
		w.pkg.setters[id.Name] = append(w.pkg.setters[id.Name], w.into)
		_, call := n.(*ast.CallExpr)
		_, imported := w.scope.of(w.file, id)
		w.into.outward = w.into.outward || imported && !call
	}
}

// gives tells an argument that has a function or a package-level name in it.
func (w walker) gives(arg ast.Expr) bool {
	found := false
	ast.Inspect(arg, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			found = true
		case *ast.SelectorExpr:
			found = found || w.gives(n.X)
			return false
		case *ast.Ident:
			h, imported := w.scope.of(w.file, n)
			theirs := imported && h.kind == ofNobody || plainNames[n.Name] || n.Name == "nil"
			found = found || !theirs && !w.file.hides(n)
		}
		return !found
	})
	return found
}

// keyed looks at an element of a literal. A key that is a name can be a field or a
// constant, but no function that is passed on.
func (w walker) keyed(e *ast.KeyValueExpr) (other bool) {
	id, ok := e.Key.(*ast.Ident)
	if !ok {
		return true
	}
	if !w.file.hides(id) {
		w.into.refer(ref{w.pkg.home.path, id.Name})
	}
	w.walk(e.Value)
	return false
}

// fields looks at the types of fields, parameters and methods: their names are not
// those of the package.
func (w walker) fields(list *ast.FieldList) {
	for _, f := range list.List {
		w.field = len(f.Names) > 0
		w.walk(f.Type)
	}
}

// call notes a call of a package-level function, or tells that it is something else.
func (w walker) call(e *ast.CallExpr) (other bool) {
	c := call{at: e, args: e.Args, file: w.file, inside: w.inside}
	fun, types := callee(e)
	switch fun := fun.(type) {
	case *ast.Ident:
		if w.file.hides(fun) {
			return true
		}
		c.to = ref{w.pkg.home.path, fun.Name}
		if w.scope.bare {
			c.makes = making[fun.Name]
		}
	case *ast.SelectorExpr:
		h, ok := w.scope.of(w.file, fun.X)
		if !ok {
			w.method(c, fun.X)
		}
		if !ok || h.kind == ofNobody && h.path != layout.Bus {
			return true
		}
		c.to = ref{h.path, fun.Sel.Name}
		if h.path == layout.Bus {
			c.makes = making[fun.Sel.Name]
		}
	default:
		return true
	}
	w.into.calls = append(w.into.calls, c)
	if c.makes != "" {
		types = nil // what it carries
	}
	for _, arg := range slices.Concat(types, e.Args) {
		w.walk(arg)
	}
	return false
}

// method notes a call of a method of another package's variable.
func (w walker) method(c call, of ast.Expr) {
	if e, ok := of.(*ast.SelectorExpr); ok {
		if h, ok := w.scope.of(w.file, e.X); ok && h.kind != ofNobody {
			c.to = ref{h.path, e.Sel.Name}
			w.into.calls = append(w.into.calls, c)
		}
	}
}

func (w walker) selector(e *ast.SelectorExpr) {
	h, ok := w.scope.of(w.file, e.X)
	switch {
	case !ok:
		w.walk(e.X)
	case h.path == layout.Bus:
		w.bus(e, e.Sel.Name)
	case w.field && (h.kind == unread || h.kind == undeclared):
	case h.kind != ofNobody:
		w.into.calls = append(w.into.calls, call{to: ref{h.path, e.Sel.Name}, at: e, file: w.file, inside: w.inside})
	}
}

func (w walker) ident(e *ast.Ident) {
	if w.file.hides(e) {
		return
	}
	if to := (ref{w.pkg.home.path, e.Name}); !w.into.refs[to] {
		w.into.refs[to] = true
		w.into.calls = append(w.into.calls, call{to: to, at: e, file: w.file, inside: w.inside})
	}
	if w.scope.bare {
		w.bus(e, e.Name)
	}
}

// bus notes a name of package bus that is not called.
func (w walker) bus(at ast.Expr, name string) {
	w.into.imply(made[name])
	if kind := making[name]; kind != "" {
		w.into.calls = append(w.into.calls, call{makes: kind, at: at, file: w.file, inside: w.inside})
	}
}
