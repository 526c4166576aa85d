package services_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestHouse looks at the tree itself.
func TestHouse(t *testing.T) {
	for _, violation := range violations(t, os.DirFS("..")) {
		t.Error(violation)
	}
}

// TestHouseFindsViolations plants one of each and wants exactly these found: a
// rule that cannot fail protects nothing.
func TestHouseFindsViolations(t *testing.T) {
	planted, err := txtar.ParseFile("testdata/planted.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	for _, file := range planted.Files {
		tree[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	got := violations(t, tree)
	for want := range strings.SplitSeq(strings.TrimSpace(string(planted.Comment)), "\n") {
		i := slices.IndexFunc(got, func(violation string) bool { return strings.HasPrefix(violation, want) })
		if i < 0 {
			t.Errorf("not found: %s", want)
			continue
		}
		got = slices.Delete(got, i, i+1)
	}
	for _, violation := range got {
		t.Errorf("found and not planted: %s", violation)
	}
}

// violations of the house rules in a tree that has services/ and plugins/; each
// says where, what and why.
func violations(t *testing.T, tree fs.FS) []string {
	t.Helper()
	found := nounViolations(t, tree)
	for _, dir := range []string{"services", "plugins"} {
		err := fs.WalkDir(tree, dir, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "testdata":
				return fs.SkipDir
			case !entry.IsDir() && path.Ext(name) == ".go":
				found = append(found, fileViolations(t, tree, name)...)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// contents lists a folder: its files but tests and BUILD files, and its folders.
func contents(t *testing.T, tree fs.FS, dir string) (files, dirs []string) {
	t.Helper()
	if _, err := fs.Stat(tree, dir); err != nil {
		return nil, nil // its files are reported as missing
	}
	for _, entry := range list(t, tree, dir) {
		switch name := entry.Name(); {
		case entry.IsDir():
			dirs = append(dirs, name)
		case !strings.HasSuffix(name, "_test.go") && name != "BUILD.bazel":
			files = append(files, name)
		}
	}
	return files, dirs
}

func list(t *testing.T, tree fs.FS, dir string) []fs.DirEntry {
	t.Helper()
	entries, err := fs.ReadDir(tree, dir)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(some, name) })
}

// fileViolations looks into the syntax tree of one file.
func fileViolations(t *testing.T, tree fs.FS, name string) []string {
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
	var found []string
	for _, spec := range file.Imports {
		if imported := strings.Trim(spec.Path.Value, "`\""); isContainer(imported) && path.Base(name) != "module.go" {
			found = append(found, fmt.Sprintf("%s: imports %s: only module.go knows the container, so that a service can be used, and tested, without it",
				positions.Position(spec.Pos()), imported))
		}
	}
	if strings.HasSuffix(name, "_test.go") {
		return found
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if statement, ok := node.(*ast.GoStmt); ok {
			found = append(found, fmt.Sprintf("%s: a bare go statement: nobody recovers its panic and nobody waits for it at stop; use the service's Group.Go",
				positions.Position(statement.Pos())))
		}
		return true
	})
	return found
}

// isContainer reports whether a package is fx or what fx is made of.
func isContainer(imported string) bool {
	for _, container := range []string{"go.uber.org/fx", "go.uber.org/dig"} {
		if imported == container || strings.HasPrefix(imported, container+"/") {
			return true
		}
	}
	return false
}
