// Package modules finds the source of the packages that a module needs where the
// go command keeps it: in the module itself, in replacements and workspaces, in
// vendor and in the module cache. It runs no command and downloads nothing.
package modules

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// Library is what one module can import.
type Library struct {
	main    string
	cache   string
	vendor  string
	shown   func(file string) string
	modules map[string]*module
	paths   []string
}

// module is a module that may be imported from.
type module struct {
	path, version string
	// dir is where it is, if that is no place of the module cache.
	dir string

	once  sync.Once
	found string // the folder with its source; empty when it is not here
	apart bool
}

// Open reads the go.mod in the folder dir, and the go.work that it is in. Shown
// is a file, by its absolute name, as the user sees it.
func Open(dir string, shown func(file string) string) (*Library, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	l := &Library{shown: shown, cache: cacheDir(), modules: make(map[string]*module)}
	mod := parse(string(text))
	l.main = mod.module
	for path, version := range mod.requires {
		l.modules[path] = &module{path: path, version: version}
	}
	l.replace(dir, mod)
	if err := l.readWork(dir); err != nil {
		return nil, err
	}
	l.modules[l.main] = &module{path: l.main, dir: dir}
	if _, err := os.Stat(filepath.Join(dir, "vendor", "modules.txt")); err == nil {
		l.vendor = filepath.Join(dir, "vendor")
	}
	for path := range l.modules {
		l.paths = append(l.paths, path)
	}
	return l, nil
}

// replace puts what a go.mod or go.work in dir has in the place of modules.
func (l *Library) replace(dir string, file modFile) {
	for _, r := range file.replaces {
		m := l.modules[r.path]
		if m == nil || r.version != "" && r.version != m.version {
			continue
		}
		switch {
		case r.isDir():
			l.modules[r.path] = &module{path: r.path, dir: absolute(dir, r.with)}
		default:
			l.modules[r.path] = &module{path: r.with, version: r.withVersion}
		}
	}
}

// readWork adds the modules of the workspace that the module is in.
func (l *Library) readWork(dir string) error {
	work := workFile(dir)
	if work == "" {
		return nil
	}
	text, err := os.ReadFile(work)
	if err != nil {
		return err
	}
	file := parse(string(text))
	l.replace(filepath.Dir(work), file)
	for _, use := range file.uses {
		used := absolute(filepath.Dir(work), use)
		text, err := os.ReadFile(filepath.Join(used, "go.mod"))
		if err != nil {
			return err
		}
		if mod := parse(string(text)); mod.module != "" {
			l.modules[mod.module] = &module{path: mod.module, dir: used}
		}
	}
	return nil
}

func absolute(dir, name string) string {
	name = filepath.FromSlash(name)
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// Find looks for a package.
func (l *Library) Find(importPath string) scan.Outside {
	path := layout.ModuleOf(importPath, l.paths)
	if path == "" {
		return scan.Outside{}
	}
	m := l.modules[path]
	m.once.Do(func() { l.locate(m) })
	found := scan.Outside{Module: m.path, Version: m.version, Apart: m.apart}
	root, dir := m.found, strings.TrimPrefix(strings.TrimPrefix(importPath, path), "/")
	if m.dir == "" && l.vendor != "" {
		root, dir = l.vendor, importPath
	}
	if root == "" {
		return found
	}
	found.FS, found.Dir = os.DirFS(root), cmp.Or(dir, ".")
	found.Shown = func(name string) string { return l.shown(filepath.Join(root, filepath.FromSlash(name))) }
	return found
}

// locate finds a module's source and reads what it requires.
func (l *Library) locate(m *module) {
	dir, mod := m.dir, ""
	if dir == "" {
		name := escaped(m.path) + "@" + escaped(m.version)
		dir = filepath.Join(l.cache, filepath.FromSlash(name))
		mod = filepath.Join(l.cache, "cache", "download", filepath.FromSlash(escaped(m.path)), "@v", escaped(m.version)+".mod")
	} else {
		mod = filepath.Join(dir, "go.mod")
	}
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		m.found = dir
	}
	if text, err := os.ReadFile(mod); err == nil && m.path != l.main {
		m.apart = l.isApart(parse(string(text)))
	}
}

// isApart tells a module of which neither a package nor one that it imports knows
// the main module or the bus. Before Go 1.17 a go.mod named only some of them.
func (l *Library) isApart(mod modFile) bool {
	if mod.module == layout.Module || len(mod.requires) > 0 && mod.before(1, 17) {
		return false
	}
	_, main := mod.requires[l.main]
	_, bus := mod.requires[layout.Module]
	return !main && !bus
}
