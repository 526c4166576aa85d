// Package modules finds the source of the packages that a module needs where the
// go command keeps it: in the module itself, in replacements and workspaces, in
// vendor and in the module cache. It runs no command and downloads nothing.
package modules

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// Library is what one module can import.
type Library struct {
	// Dir is the module's folder, absolute. Paths has its path, those that its go.mod
	// requires, and those of its workspace, in this order.
	Dir   string
	Paths []string
	// Shown is a file, by its absolute name, as the user sees it.
	Shown func(file string) string

	cache, vendor string
	modules       map[string]*module
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

// Open reads the go.mod in dir or in the nearest folder above it, and the go.work
// that the module is in.
func Open(dir string) (*Library, error) {
	name, text, err := nearest(dir, "go.mod")
	switch mod := parse(string(text)); {
	case err != nil:
		return nil, err
	case name == "":
		return nil, fmt.Errorf("there is no go.mod in %s or above it: %s belongs into a Go module", dir, layout.ConfigFile)
	case mod.module == "":
		return nil, fmt.Errorf("%s has no module line", name)
	default:
		return open(filepath.Dir(name), mod)
	}
}

func open(dir string, mod modFile) (*Library, error) {
	l := &Library{Dir: dir, Paths: []string{mod.module}, cache: cacheDir(), modules: make(map[string]*module)}
	for _, r := range mod.requires {
		l.add(&module{path: r.path, version: r.version})
	}
	l.replace(dir, mod)
	if err := l.addWorkspace(); err != nil {
		return nil, err
	}
	l.modules[mod.module] = &module{path: mod.module, dir: dir}
	if _, err := os.Stat(filepath.Join(dir, "vendor", "modules.txt")); err == nil {
		l.vendor = filepath.Join(dir, "vendor")
	}
	return l, nil
}

func (l *Library) add(m *module) {
	l.modules[m.path] = m
	l.Paths = append(l.Paths, m.path)
}

// replace puts what a go.mod or go.work in dir has in the place of modules.
func (l *Library) replace(dir string, file modFile) {
	for _, r := range file.replaces {
		m := l.modules[r.path]
		switch {
		case m == nil || r.version != "" && r.version != m.version:
		case r.withVersion == "":
			l.modules[r.path] = &module{path: r.path, dir: absolute(dir, r.with)}
		default:
			l.modules[r.path] = &module{path: r.with, version: r.withVersion}
		}
	}
}

// addWorkspace adds the modules of the go.work that uses the module, if one does:
// the go command builds with them, whatever go.mod requires.
func (l *Library) addWorkspace() error {
	name, text, err := workspace(l.Dir)
	if name == "" || err != nil {
		return err
	}
	file, dir := parse(string(text)), filepath.Dir(name)
	var used []*module
	within := false
	for _, use := range file.uses {
		m := &module{dir: absolute(dir, use)}
		text, err := os.ReadFile(filepath.Join(m.dir, "go.mod"))
		if err != nil {
			return fmt.Errorf("%s uses %s: %w", name, use, err)
		}
		within = within || m.dir == l.Dir
		if m.path = parse(string(text)).module; m.path != "" {
			used = append(used, m)
		}
	}
	if !within {
		return nil
	}
	l.replace(dir, file)
	for _, m := range used {
		l.add(m)
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
	path := layout.ModuleOf(importPath, l.Paths)
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
	found.Shown = func(name string) string { return l.Shown(filepath.Join(root, filepath.FromSlash(name))) }
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
	if text, err := os.ReadFile(mod); err == nil && dir != l.Dir {
		m.apart = l.isApart(parse(string(text)))
	}
}

// isApart tells a module of which neither a package nor one that it imports knows
// the main module or the bus. Before Go 1.17 a go.mod named only some of them.
func (l *Library) isApart(mod modFile) bool {
	return (len(mod.requires) == 0 || !mod.before(1, 17)) && !mod.knows(l.Paths[0], layout.Module)
}
