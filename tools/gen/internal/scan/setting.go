package scan

import (
	"go/ast"
	"go/token"
)

// targets are what a statement or an expression changes, or takes the address of so
// that somebody else can.
func targets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	}
	return nil
}

// root is the name of the variable that an expression is a part of; nil where it is none.
func root(e ast.Expr) *ast.Ident {
	for {
		switch part := e.(type) {
		case *ast.Ident:
			return part
		case *ast.ParenExpr:
			e = part.X
		case *ast.StarExpr:
			e = part.X
		case *ast.SelectorExpr:
			e = part.X
		case *ast.IndexExpr:
			e = part.X
		case *ast.SliceExpr:
			e = part.X
		default:
			return nil
		}
	}
}
