package servicetest

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// use is where a service mentions an action of another one.
type use struct {
	action   string // "apps.execute"
	name     string // "appsapi.Execute"
	position string
}

// callsOf reads the service's source for the actions of other services' contracts
// that it mentions, the first mention of each. The generator, which a test does not
// need, finds the same services and more: to it a client is a call as well, of whatever
// it holds, whereas a test can ask for a fake of an action only by the name that the
// contract gives it. An import that is marked as optional or as types only does not count.
func callsOf(name, file string) ([]use, error) {
	folder, s, err := findSource(file)
	if err != nil {
		return nil, err
	}
	files, err := s.tree(folder)
	if err != nil {
		return nil, err
	}
	found := map[string]use{}
	for _, f := range files {
		if err := s.addUses(found, name, f); err != nil {
			return nil, err
		}
	}
	all := make([]use, 0, len(found))
	for _, u := range found {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b use) int { return cmp.Compare(a.action, b.action) })
	return all, nil
}

// addUses adds the uses of one file.
func (s *source) addUses(found map[string]use, service string, f *ast.File) error {
	for _, spec := range f.Imports {
		folder, owner, ok := s.contractFolder(importPath(spec))
		if !ok || owner == service || waived(spec) {
			continue
		}
		files, err := s.packageFiles(folder)
		if err != nil {
			return err
		}
		declared := declarations(files)
		mentions(f, localName(spec), func(selector *ast.SelectorExpr) {
			for action := range declared.actions(selector.Sel.Name, map[string]bool{}) {
				if _, known := found[action]; !known {
					found[action] = use{action, localName(spec) + "." + selector.Sel.Name, s.position(selector.Pos())}
				}
			}
		})
	}
	return nil
}

// waived reports whether a directive at the import says that nothing is needed.
func waived(spec *ast.ImportSpec) bool {
	return spec.Comment != nil && strings.HasPrefix(spec.Comment.List[0].Text, "//orchestrator:")
}

// mentions calls visit for everything a file selects from an import.
func mentions(f *ast.File, imported string, visit func(*ast.SelectorExpr)) {
	ast.Inspect(f, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok && of.Name == imported {
				visit(selector)
			}
		}
		return true
	})
}

// contract is what the package-level variables and functions of a contract are made of.
type contract map[string]*declaration

type declaration struct {
	action string   // the name given to bus.NewAction; empty if it makes none
	others []string // what else it mentions
}

// declarations reads the variables and functions of a package. A method belongs to no
// name: whoever has a value of its type got it from a function or a variable.
func declarations(files []*ast.File) contract {
	c := contract{}
	for _, f := range files {
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Body != nil {
					c.add(d.Name, d.Body)
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					for _, spec := range d.Specs {
						c.addVariables(spec.(*ast.ValueSpec)) //nolint:forcetypeassert // the specs of a var are no others
					}
				}
			}
		}
	}
	return c
}

func (c contract) addVariables(spec *ast.ValueSpec) {
	for i, name := range spec.Names {
		if i < len(spec.Values) {
			c.add(name, spec.Values[i])
		}
	}
}

func (c contract) add(name *ast.Ident, is ast.Node) {
	d := &declaration{}
	ast.Inspect(is, d.visit)
	c[name.Name] = d
}

// visit looks for bus.NewAction[Req, Res]("service.action", …).
func (d *declaration) visit(n ast.Node) bool {
	switch e := n.(type) {
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.IndexListExpr); ok && len(e.Args) > 0 && made(f.X) == "NewAction" {
			if name, ok := e.Args[0].(*ast.BasicLit); ok && name.Kind == token.STRING {
				d.action, _ = strconv.Unquote(name.Value)
			}
		}
	case *ast.Ident:
		d.others = append(d.others, e.Name)
	}
	return true
}

// made is the name of the function in bus.NewAction.
func made(f ast.Expr) string {
	if selector, ok := f.(*ast.SelectorExpr); ok {
		return selector.Sel.Name
	}
	return ""
}

// actions are the actions that a name leads to: its own, or those of the names it is
// made of, such as a bound Execute.With(…) or a function that makes it.
func (c contract) actions(name string, seen map[string]bool) map[string]bool {
	found := map[string]bool{}
	d := c[name]
	if d == nil || seen[name] {
		return found
	}
	seen[name] = true
	if d.action != "" {
		found[d.action] = true
	}
	for _, other := range d.others {
		for action := range c.actions(other, seen) {
			found[action] = true
		}
	}
	return found
}

// SourceKnown reports whether Start can read what the service calls: whether its
// source is on this machine.
func SourceKnown(d service.Definition) bool {
	_, err := callsOf(d.Name, d.Source())
	return err == nil
}
