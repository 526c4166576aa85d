// Package scan reads a tree of services with go/parser: which services and
// plugins there are, and which service uses what of which contract. It runs no
// command, evaluates no build tag but "ignore", and needs no code that compiles,
// so its answer is the same on every machine.
package scan

import (
	"io/fs"
	"path"
	"sync"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// Scanner reads one tree. Its methods can be called at the same time.
type Scanner struct {
	fsys  fs.FS
	root  layout.Root
	shown func(name string) string
	// externals has the names of services of other modules by import path.
	externals map[string]string

	mu        sync.Mutex
	contracts map[string]*contract
	listings  map[string]*listing
}

// New returns a scanner of the tree in fsys, whose folder "." is root. Shown is a
// path of fsys as the user sees it, for positions; nil for the path itself.
func New(fsys fs.FS, root layout.Root, shown func(name string) string) *Scanner {
	if shown == nil {
		shown = func(name string) string { return name }
	}
	return &Scanner{fsys: fsys, root: root, shown: shown, contracts: make(map[string]*contract), listings: make(map[string]*listing)}
}

// External tells the scanner of a service of another module: the import path of
// its package. Call it before the other methods.
func (s *Scanner) External(name, importPath string) {
	if s.externals == nil {
		s.externals = make(map[string]string)
	}
	s.externals[importPath] = name
}

// external is the service of another module that an import path belongs to, and
// whether the path is its contract's.
func (s *Scanner) external(importPath string) (name string, contract bool) {
	if name = s.externals[importPath]; name != "" {
		return name, false
	}
	name = s.externals[path.Dir(importPath)]
	return name, name != "" && path.Base(importPath) == layout.Contract(name)
}

// externalContract is the import path of the contract of a service of another module.
func (s *Scanner) externalContract(name string) string {
	for importPath, external := range s.externals {
		if external == name {
			return path.Join(importPath, layout.Contract(name))
		}
	}
	return ""
}

// problem describes what is wrong at a place of a file.
func (s *Scanner) problem(f *file, at config.Position, code, message, help string) config.Problem {
	return config.Problem{
		Path: at.Path, Line: at.Line, Column: at.Column,
		Code: code, Message: message, Help: help, Excerpt: f.excerpt(at),
	}
}
