package scan

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/shopanaio/orchestrator/config"
)

// listing is a folder as it was read from disk, once: services are looked at
// first to find them and then to find what they use.
type listing struct {
	place
	names, texts, clauses sync.Once
	// eager is as in file.
	eager bool

	folders  []string
	files    []*file
	nameErr  error
	textsErr error

	// linked are the files that some program has, and pkg what their package clauses say.
	linked   []*file
	pkg      string
	problems []config.Problem
}

// place is a folder of some file system.
type place struct {
	fsys  fs.FS
	dir   string
	shown func(name string) string
}

// listing returns what is in a folder of the tree; nothing when there is no such folder.
func (s *Scanner) listing(dir string) *listing {
	return s.listed(s.root.ImportPath(dir), place{s.fsys, dir, s.shown}, false)
}

// listed is the folder of a package, which is known by its import path.
func (s *Scanner) listed(importPath string, at place, eager bool) *listing {
	s.mu.Lock()
	l := s.listings[importPath]
	if l == nil {
		l = &listing{place: at, eager: eager}
		s.listings[importPath] = l
	}
	s.mu.Unlock()
	l.names.Do(l.readNames)
	return l
}

func (l *listing) readNames() {
	entries, err := fs.ReadDir(l.fsys, l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.nameErr = err
	}
	set := token.NewFileSet()
	for _, e := range entries {
		switch {
		case e.IsDir() && !passedOver(e.Name()):
			l.folders = append(l.folders, e.Name())
		case !e.IsDir() && isSource(e.Name()):
			name := path.Join(l.dir, e.Name())
			l.files = append(l.files, &file{path: name, shown: l.shown(name), set: set, eager: l.eager})
		}
	}
}

func (l *listing) readTexts() {
	for _, f := range l.files {
		if l.textsErr == nil {
			f.text, l.textsErr = fs.ReadFile(l.fsys, f.path)
		}
	}
}

// folders returns the names of the folders in dir, sorted, without those that
// the go command passes over.
func (s *Scanner) folders(dir string) ([]string, error) {
	l := s.listing(dir)
	return l.folders, l.nameErr
}

// sources returns the Go files of a folder, by name, with their text: all that
// some platform links, and those that a build constraint excludes.
func (l *listing) sources() ([]*file, error) {
	l.texts.Do(l.readTexts)
	return l.files, cmp.Or(l.nameErr, l.textsErr)
}

// readClauses sorts out the files that are linked, and notices those that are of
// another package: to the go command such a folder is none.
func (l *listing) readClauses(s *Scanner) {
	for _, f := range l.files {
		if !f.linked() {
			continue
		}
		l.linked = append(l.linked, f)
		syntax := f.imports()
		switch {
		case syntax.broken != nil && !f.eager:
			l.problems = append(l.problems, s.syntaxProblem(f, syntax.broken))
		case l.pkg == "":
			l.pkg = syntax.Name.Name
		case l.pkg != syntax.Name.Name:
			l.problems = append(l.problems, s.problem(f, f.at(syntax.Name.Pos()), "package-clause",
				fmt.Sprintf("this file is of package %s, and those before it of %s", syntax.Name.Name, l.pkg),
				"a folder has one package: move the file, or correct its package clause"))
		}
	}
}

// program returns the files of a folder that some program has. The error is one
// of the file system; what is wrong in the files is in problems.
func (s *Scanner) program(l *listing) ([]*file, error) {
	if _, err := l.sources(); err != nil {
		return nil, err
	}
	l.clauses.Do(func() { l.readClauses(s) })
	return l.linked, nil
}

// isSource tells a Go file that can be linked from tests and from what the go command passes over.
func isSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		name[0] != '_' && name[0] != '.'
}

// passedOver tells a folder that the go command does not look into.
func passedOver(name string) bool {
	return name == "testdata" || name == "vendor" || name[0] == '_' || name[0] == '.'
}
