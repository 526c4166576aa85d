package servicetest

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// source is a module's source tree as far as it is on this machine.
type source struct {
	root string // of the module
	name string // the module's import path
	set  *token.FileSet
}

// findSource looks for the folder of a service, given the file of its constructor,
// and for the module around it. With -trimpath the compiler keeps no folder: the
// test's own is tried then, because a test runs in that of its package.
func findSource(file string) (folder string, s *source, err error) {
	if file == "" {
		return "", nil, errors.New("the module has no constructor")
	}
	if _, err := os.Stat(file); err != nil {
		if file, err = filepath.Abs(filepath.Base(file)); err != nil {
			return "", nil, err
		}
		if _, err := os.Stat(file); err != nil {
			return "", nil, fmt.Errorf("its source is not here: %w", err)
		}
	}
	folder = filepath.Dir(file)
	for root := folder; ; root = filepath.Dir(root) {
		text, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if err == nil {
			return folder, &source{root: root, name: moduleName(text), set: token.NewFileSet()}, nil
		}
		if root == filepath.Dir(root) {
			return "", nil, fmt.Errorf("no go.mod is above %s", folder)
		}
	}
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)

func moduleName(text []byte) string {
	if m := moduleLine.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}

// packageFiles parses the Go files of one folder that are no tests.
func (s *source) packageFiles(folder string) ([]*ast.File, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(s.set, filepath.Join(folder, e.Name()), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// tree parses a folder and those below it that hold packages.
func (s *source) tree(folder string) ([]*ast.File, error) {
	var files []*ast.File
	err := filepath.WalkDir(folder, func(at string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		if e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_") {
			return fs.SkipDir
		}
		found, err := s.packageFiles(at)
		files = append(files, found...)
		return err
	})
	return files, err
}

// contractFolder is where the contract of an import is, and the service it belongs
// to; ok is false for an import of anything else.
func (s *source) contractFolder(imported string) (folder, service string, ok bool) {
	rel, ours := strings.CutPrefix(imported, s.name+"/")
	service = path.Base(path.Dir(imported))
	if !ours || path.Base(imported) != service+"api" {
		return "", "", false
	}
	return filepath.Join(s.root, filepath.FromSlash(rel)), service, true
}

// position is file:line:col, with the file below the module's root.
func (s *source) position(at token.Pos) string {
	p := s.set.Position(at)
	if rel, err := filepath.Rel(s.root, p.Filename); err == nil {
		p.Filename = filepath.ToSlash(rel)
	}
	return p.String()
}

// localName is what a file calls an import.
func localName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return path.Base(importPath(spec))
}

func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return "" // the parser would have refused it
	}
	return p
}
