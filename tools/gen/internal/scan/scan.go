// Package scan reads a tree of services with go/parser: which services and
// plugins there are, and which service uses what of which contract. It runs no
// command, evaluates no build constraint for a platform, and needs no code that
// compiles, so its answer is the same on every machine.
package scan

import (
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// Scanner reads one tree. Its methods can be called at the same time, but for
// External, Library and Some, which come first.
type Scanner struct {
	fsys  fs.FS
	root  layout.Root
	shown func(name string) string
	// externals are the services of other modules by import path.
	externals map[string]config.External
	library   Library
	// some tells that the tree has only some of its files.
	some bool

	known    sync.Once
	prefixes map[string]string

	mu       sync.Mutex
	packages map[string]*pkg
}

// New returns a scanner of the tree in fsys, whose folder "." is root. Shown is a
// path of fsys as the user sees it, for positions; nil for the path itself.
func New(fsys fs.FS, root layout.Root, shown func(name string) string) *Scanner {
	if shown == nil {
		shown = func(name string) string { return name }
	}
	return &Scanner{fsys: fsys, root: root, shown: shown, packages: make(map[string]*pkg)}
}

// External makes a service of another module known to the scanner. Of two of one
// import path, which are a mistake, the first counts.
func (s *Scanner) External(e config.External) {
	if s.externals == nil {
		s.externals = make(map[string]config.External)
	}
	if _, twice := s.externals[e.Import]; !twice {
		s.externals[e.Import] = e
	}
}

// Library gives the scanner the packages outside the tree. Without one it does
// not look for them, and what it finds may be less than there is.
func (s *Scanner) Library(l Library) { s.library = l }

// Some says that the tree has only some of its files: what is missing is no mistake.
func (s *Scanner) Some() { s.some = true }

// external is the service of another module that an import path belongs to; nil
// for the path of anything else.
func (s *Scanner) external(importPath string) *config.External {
	for at := importPath; len(s.externals) > 0; {
		if e, ok := s.externals[at]; ok {
			return &e
		}
		slash := strings.LastIndexByte(at, '/')
		if slash < 0 {
			return nil
		}
		at = at[:slash]
	}
	return nil
}

// base is the import path of a service's package.
func (s *Scanner) base(service string) string {
	for _, e := range s.externals {
		if e.Name.Value == service {
			return e.Import
		}
	}
	return s.root.ImportPath(layout.ServiceDir(service))
}

// contractPath is the import path of a service's contract.
func (s *Scanner) contractPath(service string) string {
	return s.base(service) + "/" + layout.Contract(service)
}

// owner is the service whose actions begin with prefix; empty when there is none.
func (s *Scanner) owner(prefix string) string {
	s.known.Do(func() {
		names, _ := s.folders(layout.ServicesDir) // an error is reported by who reads the services
		for _, e := range s.externals {
			names = append(slices.Clone(names), e.Name.Value)
		}
		s.prefixes = make(map[string]string)
		for _, name := range names {
			s.prefixes[layout.Ident(name)] = name
		}
	})
	return s.prefixes[layout.Ident(prefix)]
}

// problem describes what is wrong at a place of a file.
func (s *Scanner) problem(f *file, at config.Position, code, message, help string) config.Problem {
	return config.Problem{
		Path: at.Path, Line: at.Line, Column: at.Column,
		Code: code, Message: message, Help: help, Excerpt: f.excerpt(at),
	}
}

// syntaxProblem reports where a file stops being Go.
func (s *Scanner) syntaxProblem(f *file, broken *syntaxError) config.Problem {
	return s.problem(f, broken.place(f), "syntax", "this is not Go: "+broken.text, "")
}
