package scan

import (
	"go/ast"
	"maps"
	"slices"
)

// initializer is the name of what runs when a package is linked.
const initializer = "init"

// link follows what a package and those that it imports do before main runs.
func (t tracer) link(p *pkg, linked map[*pkg]bool) {
	if p == nil || linked[p] {
		return
	}
	linked[p] = true
	for _, f := range p.files {
		for _, spec := range f.imports().Imports {
			if name := importPath(spec); t.scanner.home(name).read() {
				t.link(t.scanner.pkg(name), linked)
			}
		}
	}
	if p.home.kind == ofService {
		t.service = p.home.name
	}
	t.follow(ref{p.home.path, initializer})
	names := p.declared(t.scanner)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if d := names[name]; d.variable.value != nil && t.handsOver(p, d, make(map[*decl]bool)) {
			t.follow(ref{p.home.path, name})
		}
	}
}

// handsOver tells whether a declaration, or a function of its package that it calls,
// gives something of the package to another one, or sets a variable there.
func (t tracer) handsOver(p *pkg, d *decl, asked map[*decl]bool) bool {
	if asked[d] {
		return false
	}
	asked[d] = true
	return d.outward || slices.ContainsFunc(d.calls, func(c call) bool {
		if len(t.scanner.born(p, c)) > 0 {
			return false
		}
		q := t.scanner.pkg(c.to.pkg)
		if q == nil {
			return false
		}
		to := q.declared(t.scanner)[c.to.name]
		switch {
		case to == nil || q == p && to.fn == nil:
			return false
		case q == p:
			return t.handsOver(p, to, asked)
		case to.variable.name != nil && t.scanner.nature(q, to) == message:
			return false // an action that is bound gives what is the package's own
		}
		return slices.ContainsFunc(c.args, func(arg ast.Expr) bool { return t.shares(p, arg) })
	})
}

// shares tells whether an argument can hold a function or a variable of the package.
func (t tracer) shares(p *pkg, arg ast.Expr) bool {
	found := false
	ast.Inspect(arg, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			found = true
		case *ast.Ident:
			d := p.declared(t.scanner)[n.Name]
			found = found || d != nil && (d.fn != nil || d.variable.name != nil && t.scanner.nature(p, d) > inert)
		}
		return !found
	})
	return found
}

// acts tells a value whose making can do more than make it: it calls something, which
// neither a conversion such as (*Client)(nil) nor new does.
func acts(value ast.Expr) bool {
	found := false
	if value == nil {
		return false
	}
	ast.Inspect(value, func(n ast.Node) bool {
		e, ok := n.(*ast.CallExpr)
		if !ok {
			return !found
		}
		_, pointer := ast.Unparen(e.Fun).(*ast.StarExpr)
		id, named := e.Fun.(*ast.Ident)
		found = found || !pointer && (!named || id.Name != "new")
		return !found
	})
	return found
}
