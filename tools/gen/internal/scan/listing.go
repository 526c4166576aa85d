package scan

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// pkg is a folder whose source is read, step by step: services are looked at first
// to find them and then to find what they use.
type pkg struct {
	home home

	listed, texts, clauses, declaring, bearing sync.Once

	// folders, links and sources are what the folder has by their names: folders that
	// the go command looks into, symbolic links, and Go files that can be linked.
	folders, links []string
	sources        []*file
	// module tells a folder with a go.mod.
	module bool

	// listErr is known when the folder was listed, and err when its files were read.
	listErr, err error

	// files are those that some program has, and name what their package clauses say;
	// problems are files of which not even the imports can be read, or of several packages.
	files    []*file
	name     string
	problems []config.Problem

	names map[string]*decl
	// setters are the declarations in which a package-level variable is changed, or its
	// address taken, by its name.
	setters   map[string][]*decl
	constants textConstants
	// broken are files that stop being Go behind their imports, and those that hide names.
	broken []config.Problem

	// makers and reached have what was asked before, by name.
	makers, reached sync.Map
	births          []birth
}

// place is a folder of some file system.
type place struct {
	fsys  fs.FS
	dir   string
	shown func(name string) string
}

// folder is the package of an import path with the names in its folder; nil when
// its source is not read.
func (s *Scanner) folder(importPath string) *pkg {
	s.mu.Lock()
	p, known := s.packages[importPath]
	if !known {
		if h := s.home(importPath); h.read() {
			p = &pkg{home: h}
		}
		s.packages[importPath] = p
	}
	s.mu.Unlock()
	if p != nil {
		p.listed.Do(p.list)
	}
	return p
}

// pkg is the package of an import path with the files that some program has; nil
// when its source is not read.
func (s *Scanner) pkg(importPath string) *pkg {
	p := s.folder(importPath)
	if p != nil {
		p.read()
		p.clauses.Do(func() { p.readClauses(s) })
	}
	return p
}

func (p *pkg) list() {
	at := p.home.place
	entries, err := fs.ReadDir(at.fsys, at.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.listErr = err
	}
	set := token.NewFileSet()
	for _, e := range entries {
		switch name := path.Join(at.dir, e.Name()); {
		case e.Type()&fs.ModeSymlink != 0 && !isSource(e.Name()):
			p.links = append(p.links, name)
		case e.IsDir() && !passedOver(e.Name()):
			p.folders = append(p.folders, e.Name())
		case !e.IsDir() && isSource(e.Name()):
			p.sources = append(p.sources, &file{path: name, shown: at.shown(name), set: set, eager: p.home.contract})
		}
		p.module = p.module || e.Name() == "go.mod"
	}
}

// folders returns the names of the folders in dir, sorted, without those that
// the go command passes over.
func (s *Scanner) folders(dir string) ([]string, error) {
	p := s.folder(s.root.ImportPath(dir))
	return p.folders, p.listErr
}

// Links are the folders of services/ and plugins/ that are symbolic links.
func (s *Scanner) Links() map[string]bool {
	found := make(map[string]bool)
	for _, dir := range []string{layout.ServicesDir, layout.PluginsDir} {
		for _, name := range s.folder(s.root.ImportPath(dir)).links {
			found[name] = true
		}
	}
	return found
}

// IsModule tells whether a folder of the tree has a go.mod.
func (s *Scanner) IsModule(dir string) bool { return s.folder(s.root.ImportPath(dir)).module }

// read reads the Go files of a folder: all that some platform links, and those that
// a build constraint excludes.
func (p *pkg) read() {
	p.texts.Do(func() {
		p.err = p.listErr
		for _, f := range p.sources {
			if p.err == nil {
				f.text, p.err = fs.ReadFile(p.home.place.fsys, f.path)
			}
		}
	})
}

// readClauses sorts out the files that are linked, and notices those that are of
// another package: to the go command such a folder is none.
func (p *pkg) readClauses(s *Scanner) {
	if p.err != nil {
		return
	}
	for _, f := range p.sources {
		if !f.linked() {
			continue
		}
		p.files = append(p.files, f)
		syntax := f.imports()
		switch {
		case syntax.broken != nil && !f.eager:
			p.problems = append(p.problems, s.syntaxProblem(f, syntax.broken))
		case p.name == "":
			p.name = syntax.Name.Name
		case p.name != syntax.Name.Name:
			p.problems = append(p.problems, s.problem(f, f.at(syntax.Name.Pos()), "package-clause",
				fmt.Sprintf("this file is of package %s, and those before it of %s", syntax.Name.Name, p.name),
				"a folder has one package: move the file, or correct its package clause"))
		}
	}
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
