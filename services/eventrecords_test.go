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

// TestUnrecordedEventsAreFound plants one mistake of each kind, because no service
// declares an event that it could make one about.
func TestUnrecordedEventsAreFound(t *testing.T) {
	planted, err := txtar.ParseFile("testdata/events.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	for _, file := range planted.Files {
		tree[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	records, got := recordsOfEvents(t, tree)
	want := strings.Split(strings.TrimSpace(string(planted.Comment)), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := []string{"good/goodapi/testdata/good.done.json"}; !slices.Equal(records, want) {
		t.Errorf("recorded are %q, want %q", records, want)
	}
}

// declaration is an event that some file declares and that may leave its process.
type declaration struct {
	at       token.Position
	variable string // "" when it is not the value of one
	name     string // "" when it is not written out
}

// recordsOfEvents lists the records of the events that services declare, in a tree
// whose folders are services, and what is wrong with those that have none.
func recordsOfEvents(t *testing.T, tree fs.FS) (records, mistakes []string) {
	t.Helper()
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "testdata":
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		for _, d := range declarations(t, tree, name) {
			record, mistake := recordOf(t, tree, d)
			if mistake != "" {
				mistakes = append(mistakes, fmt.Sprintf("%s: %s", d.at, mistake))
			} else {
				records = append(records, record)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return records, mistakes
}

// recordOf is the file that an event is compared with, or what is missing.
func recordOf(t *testing.T, tree fs.FS, d declaration) (record, mistake string) {
	t.Helper()
	dir := path.Dir(d.at.Filename)
	contract := path.Base(dir)
	record = path.Join(dir, "testdata", d.name+".json")
	switch {
	case !strings.HasSuffix(contract, "api"):
		return "", "an event that leaves its process is declared outside of a contract: move it to one, or make it bus.Local"
	case d.name == "" || d.variable == "":
		return "", "an event is declared whose name or whose variable is not written out: nothing can tell whether it is recorded"
	case !slices.Contains(comparedEvents(t, tree, path.Join(dir, "contract_test.go")), d.variable):
		return "", fmt.Sprintf("%s is compared with no record: name it in TestContract of %s, contracttest.Event(t, %s.%s)", d.name, contract, contract, d.variable)
	}
	if _, err := fs.Stat(tree, record); err != nil {
		return "", fmt.Sprintf("%s has no record: run TestContract of %s with -update", d.name, contract)
	}
	return record, ""
}

// declarations finds the events of a file, but those that are local.
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
			if declares(node) && !slices.ContainsFunc(node.Args, isLocal) {
				found = append(found, declaration{positions.Position(node.Pos()), variable[node], literal(node)})
			}
		}
		return true
	})
	return found
}

// declares reports whether the call is bus.NewEvent[T](…).
func declares(call *ast.CallExpr) bool {
	generic, ok := call.Fun.(*ast.IndexExpr)
	return ok && selects(generic.X, "bus", "NewEvent")
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

// literal is the event's name, "" when it is not a text in its place.
func literal(call *ast.CallExpr) string {
	if len(call.Args) == 0 {
		return ""
	}
	text, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return ""
	}
	name, _ := strconv.Unquote(text.Value) // a number is no name
	return name
}

// comparedEvents are the variables that a test of a contract gives to
// contracttest.Event.
func comparedEvents(t *testing.T, tree fs.FS, name string) []string {
	t.Helper()
	if _, err := fs.Stat(tree, name); err != nil {
		return nil
	}
	file, _ := parsed(t, tree, name)
	var found []string
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 || !selects(call.Fun, "contracttest", "Event") {
			return true
		}
		switch event := call.Args[1].(type) {
		case *ast.SelectorExpr:
			found = append(found, event.Sel.Name)
		case *ast.Ident:
			found = append(found, event.Name)
		}
		return true
	})
	return found
}

func parsed(t *testing.T, tree fs.FS, name string) (*ast.File, *token.FileSet) {
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
