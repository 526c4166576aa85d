package scan

import (
	"io/fs"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// Library finds packages that are not in the tree.
type Library interface {
	// Find looks for the package of an import path.
	Find(importPath string) Outside
}

// Outside is what is known of a package that is not in the tree.
type Outside struct {
	// Module has the package, at Version; empty when no module that go.mod knows has it.
	Module, Version string
	// FS is the module's folder and Dir the package's below it; nil when its
	// source is not on this machine.
	FS  fs.FS
	Dir string
	// Shown is a path of FS as the user sees it.
	Shown func(name string) string
	// Apart tells a module that knows neither this one nor the bus, so that
	// nothing of it calls a service.
	Apart bool
}

// String is the module as the go command writes it.
func (o Outside) String() string {
	if o.Version == "" {
		return o.Module
	}
	return o.Module + "@" + o.Version
}

// homeKind says what an import path is to a tree of services.
type homeKind int

const (
	// ofNobody is a package that cannot call a service: the standard library's,
	// the runtime's, or one of a module that knows neither.
	ofNobody homeKind = iota
	ofService
	ofPlugin
	// ofModule is any other package whose source is read.
	ofModule
	// unread is a package whose source is not here.
	unread
	// undeclared is the contract of a service that config.yml does not name.
	undeclared
)

// home is where a package belongs.
type home struct {
	kind homeKind
	path string
	// name is the service or the plugin.
	name string
	// contract tells the contract of the service from its other packages.
	contract bool
	// beyond tells a package of which it is not known whether it calls a service.
	beyond  bool
	place   place
	outside Outside
}

// home says where the package of an import path belongs.
func (s *Scanner) home(importPath string) home {
	h := home{path: importPath}
	dir, inTree := s.root.Dir(importPath)
	if inTree {
		h.place = place{s.fsys, dir, s.shown}
	}
	top, rest, _ := strings.Cut(dir, "/")
	name, _, _ := strings.Cut(rest, "/")
	if e := s.external(importPath); e != nil {
		h.kind, h.name, h.contract = ofService, e.Name.Value, importPath == s.contractPath(e.Name.Value)
		if !inTree && !e.NeedsSet {
			s.find(&h)
		}
		return h
	}
	switch {
	case inTree && top == layout.ServicesDir && name != "":
		h.kind, h.name, h.contract = ofService, name, dir == layout.ContractDir(name)
	case inTree && top == layout.PluginsDir && name != "":
		h.kind, h.name = ofPlugin, name
	case inTree && (dir == layout.ServicesDir || dir == layout.PluginsDir):
		h.kind = ofModule
	case layout.IsRuntime(importPath):
		h.kind = ofNobody
	case inTree:
		h.kind = ofModule
	default:
		h.kind = s.elsewhere(&h)
	}
	return h
}

// find looks for the source of a package outside the tree.
func (s *Scanner) find(h *home) {
	if s.library == nil {
		return
	}
	h.outside = s.library.Find(h.path)
	h.place = place{h.outside.FS, h.outside.Dir, h.outside.Shown}
}

// elsewhere says what a package of another module, or of this one outside the tree, is.
func (s *Scanner) elsewhere(h *home) homeKind {
	s.find(h)
	first, _, _ := strings.Cut(h.path, "/")
	standard := h.outside.Module == "" && !strings.Contains(first, ".")
	h.beyond = !standard && s.library == nil
	switch {
	case standard, h.beyond, h.outside.Apart:
		return ofNobody
	case layout.IsContract(h.path):
		return undeclared
	case h.outside.Module == "":
		return ofNobody // which the compiler reports
	case h.place.fsys == nil:
		return unread
	}
	return ofModule
}

// read tells whether the package's source is there to be read.
func (h home) read() bool {
	return h.place.fsys != nil && (h.kind == ofService || h.kind == ofPlugin || h.kind == ofModule)
}
