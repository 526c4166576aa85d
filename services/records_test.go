package services_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestUnrecordedContractsAreFound plants one mistake of each kind: a rule that cannot
// fail protects nothing.
func TestUnrecordedContractsAreFound(t *testing.T) {
	planted, err := txtar.ParseFile("testdata/records.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	for _, file := range planted.Files {
		tree[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	records, got := recordsOf(t, tree)
	want := strings.Split(strings.TrimSpace(string(planted.Comment)), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := []string{"good/goodapi/testdata/good.do.json", "good/goodapi/testdata/good.done.json"}; !slices.Equal(records, want) {
		t.Errorf("recorded are %q, want %q", records, want)
	}
}

// declaration is an action that some file declares, or an event that may leave its
// process.
type declaration struct {
	kind     string // "Action" or "Event"
	at       token.Position
	variable string // "" when it is not the value of one
	name     string // "" when it is not written out
}

// a is the kind in a sentence.
func (d declaration) a() string {
	return map[string]string{"Action": "an action", "Event": "an event"}[d.kind]
}

// recordsOf lists the records of the actions and events that services declare, in a
// tree whose folders are services, and what is wrong with those that have none. It
// reads the sources: a service needs no line here.
func recordsOf(t *testing.T, tree fs.FS) (records, mistakes []string) {
	t.Helper()
	for _, d := range allDeclarations(t, tree) {
		record, mistake := recordOf(t, tree, d)
		if mistake != "" {
			mistakes = append(mistakes, fmt.Sprintf("%s: %s", d.at, mistake))
		} else {
			records = append(records, record)
		}
	}
	return records, mistakes
}

// allDeclarations are those of all files but tests.
func allDeclarations(t *testing.T, tree fs.FS) (all []declaration) {
	t.Helper()
	for _, name := range sources(t, tree, ".") {
		all = append(all, declarations(t, tree, name)...)
	}
	return all
}

// sources are the Go files below a folder, but tests.
func sources(t testing.TB, tree fs.FS, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(tree, dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "testdata":
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		names = append(names, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// recordOf is the file that a declaration is compared with, or what is missing.
func recordOf(t *testing.T, tree fs.FS, d declaration) (record, mistake string) {
	t.Helper()
	dir := path.Dir(d.at.Filename)
	contract := path.Base(dir)
	record = path.Join(dir, "testdata", d.name+".json")
	switch {
	case !strings.HasSuffix(contract, "api") && d.kind == "Event":
		return "", "an event that leaves its process is declared outside of a contract: move it to one, or make it bus.Local"
	case !strings.HasSuffix(contract, "api"):
		return "", "an action is declared outside of a contract: move it to one"
	case d.name == "" || d.variable == "":
		return "", d.a() + " is declared whose name or whose variable is not written out: nothing can tell whether it is recorded"
	case !slices.Contains(compared(t, tree, path.Join(dir, "contract_test.go"), d.kind), d.variable):
		return "", fmt.Sprintf("%s is compared with no record: name it in TestContract of %s, contracttest.%s(t, %s.%s), and run go test ./services/%s -update",
			d.name, contract, d.kind, contract, d.variable, dir)
	}
	if _, err := fs.Stat(tree, record); err != nil {
		return "", fmt.Sprintf("%s has no record: run go test ./services/%s -update", d.name, dir)
	}
	return record, ""
}

// declarations finds the actions and events of a file, but events that are local.
func declarations(t *testing.T, tree fs.FS, name string) []declaration {
	t.Helper()
	file, positions := parsed(t, tree, name)
	var found []declaration
	variable := map[*ast.CallExpr]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ValueSpec:
			for i, value := range node.Values {
				ast.Inspect(value, func(within ast.Node) bool {
					if call, ok := within.(*ast.CallExpr); ok {
						variable[call] = node.Names[i].Name
					}
					return true
				})
			}
		case *ast.CallExpr:
			if kind := declares(node); kind != "" && !slices.ContainsFunc(node.Args, isLocal) {
				found = append(found, declaration{kind, positions.Position(node.Pos()), variable[node], literal(node, 0)})
			}
		}
		return true
	})
	return found
}

// declares says what bus.NewAction[Req, Res](…) or bus.NewEvent[T](…) declares, "" for
// any other call.
func declares(call *ast.CallExpr) (kind string) {
	generic := call.Fun
	switch with := call.Fun.(type) {
	case *ast.IndexExpr:
		generic = with.X
	case *ast.IndexListExpr:
		generic = with.X
	}
	for _, kind := range []string{"Action", "Event"} {
		if selects(generic, "bus", "New"+kind) {
			return kind
		}
	}
	return ""
}

func isLocal(option ast.Expr) bool {
	call, ok := option.(*ast.CallExpr)
	return ok && selects(call.Fun, "bus", "Local")
}

// selects reports whether an expression is the name of a package's, as imports here
// call it.
func selects(expr ast.Expr, pkg, name string) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	x, ok := selector.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// literal is an argument that is a text, "" when it is not one in its place.
func literal(call *ast.CallExpr, i int) string {
	if len(call.Args) <= i {
		return ""
	}
	text, ok := call.Args[i].(*ast.BasicLit)
	if !ok {
		return ""
	}
	value, _ := strconv.Unquote(text.Value) // a number is no text
	return value
}

// compared are the variables that a test of a contract gives to contracttest.Action or
// contracttest.Event.
func compared(t *testing.T, tree fs.FS, name, kind string) []string {
	t.Helper()
	if _, err := fs.Stat(tree, name); err != nil {
		return nil
	}
	file, _ := parsed(t, tree, name)
	var found []string
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 || !selects(call.Fun, "contracttest", kind) {
			return true
		}
		switch variable := call.Args[1].(type) {
		case *ast.SelectorExpr:
			found = append(found, variable.Sel.Name)
		case *ast.Ident:
			found = append(found, variable.Name)
		}
		return true
	})
	return found
}

func parsed(t testing.TB, tree fs.FS, name string) (*ast.File, *token.FileSet) {
	t.Helper()
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		t.Fatal(err)
	}
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file, positions
}
