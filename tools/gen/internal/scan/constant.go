package scan

import (
	"go/ast"
	"go/token"
	"strconv"
)

// textConstants are the package-level constants of a package, by name; one of which
// files for several platforms say several things is nil.
type textConstants map[string]ast.Expr

// add collects the constants of a file.
func (c textConstants) add(syntax *ast.File) {
	for _, decl := range syntax.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			values, ok := spec.(*ast.ValueSpec)
			if !ok || len(values.Values) != len(values.Names) {
				continue
			}
			for i, name := range values.Names {
				if _, twice := c[name.Name]; twice {
					c[name.Name] = nil
					continue
				}
				c[name.Name] = values.Values[i]
			}
		}
	}
}

// fold reads the text of an expression from its beginning as far as it is known.
// Whole tells that this is all of it.
func (c textConstants) fold(e ast.Expr) (text string, whole bool) {
	return c.foldBelow(e, len(c)+1)
}

// foldBelow follows no more than depth constants: they may go in a circle.
func (c textConstants) foldBelow(e ast.Expr, depth int) (text string, whole bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		return literalText(e)
	case *ast.Ident:
		if value := c.value(e); value != nil && depth > 0 {
			return c.foldBelow(value, depth-1)
		}
	case *ast.BinaryExpr:
		text, whole = c.foldBelow(e.X, depth)
		if !whole || e.Op != token.ADD {
			return text, false
		}
		more, whole := c.foldBelow(e.Y, depth)
		return text + more, whole
	case *ast.CallExpr: // a conversion, such as string(name)
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "string" && id.Obj == nil && len(e.Args) == 1 { //nolint:staticcheck // as above
			return c.foldBelow(e.Args[0], depth)
		}
	}
	return "", false
}

// value is what a name is declared as where it stands: a constant of a function, or
// of the file, and else of another file of the package; nil for what is no constant.
func (c textConstants) value(id *ast.Ident) ast.Expr {
	if id.Obj == nil { //nolint:staticcheck // what replaces it is the type checker
		return c[id.Name]
	}
	spec, ok := id.Obj.Decl.(*ast.ValueSpec)                                  //nolint:staticcheck // as above
	if !ok || id.Obj.Kind != ast.Con || len(spec.Values) != len(spec.Names) { //nolint:staticcheck // as above
		return nil
	}
	for i, name := range spec.Names {
		if name.Obj == id.Obj { //nolint:staticcheck // as above
			return spec.Values[i]
		}
	}
	return nil
}

// literalText is what a literal of a string says.
func literalText(e ast.Expr) (string, bool) {
	lit, ok := ast.Unparen(e).(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// leftmost is the operand that a text begins with.
func leftmost(e ast.Expr) ast.Expr {
	for {
		binary, ok := ast.Unparen(e).(*ast.BinaryExpr)
		if !ok {
			return ast.Unparen(e)
		}
		e = binary.X
	}
}
