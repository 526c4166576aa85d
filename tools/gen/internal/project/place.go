// Package project brings a tree of services together: it finds config.yml and
// the module around it, reads both and the sources, and resolves the variants.
package project

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/modules"
)

// Place is where a tree is.
type Place struct {
	// Dir is the folder of the tree, absolute.
	Dir string
	// Library is the module around it, with what it can import.
	Library *modules.Library
	// Config is the file that selects, absolute.
	Config string
	// Root is the tree in import paths and labels.
	Root layout.Root
	// From is the folder that the user is in.
	From string
}

// Find locates the tree for a command that runs in the folder from: the one
// named root, or the one of the file named configFile, or the one of the
// nearest config.yml at or above from.
func Find(from, root, configFile string) (Place, error) {
	p := Place{From: from}
	if err := p.findConfig(root, configFile); err != nil {
		return Place{}, err
	}
	var err error
	if p.Library, err = modules.Open(p.Dir); err != nil {
		return Place{}, err
	}
	below, err := filepath.Rel(p.Library.Dir, p.Dir)
	if err != nil {
		return Place{}, err
	}
	p.Root = layout.NewRoot(p.Library.Paths[0], filepath.ToSlash(below))
	if root != "" || configFile != "" {
		p.Root.Flags = given(" --root ", root) + given(" --config ", configFile)
	}
	return p, nil
}

// given is a flag as the user gave it; a command that mends the tree needs it, too.
func given(flag, value string) string {
	if value == "" {
		return ""
	}
	return flag + value
}

// findConfig sets Config and Dir.
func (p *Place) findConfig(root, configFile string) (err error) {
	absolute := func(name string) string {
		if filepath.IsAbs(name) {
			return filepath.Clean(name)
		}
		return filepath.Join(p.From, name)
	}
	switch {
	case configFile != "":
		p.Config = absolute(configFile)
		p.Dir = filepath.Dir(p.Config)
		if root != "" {
			p.Dir = absolute(root)
		}
		return nil
	case root != "":
		p.Dir = absolute(root)
		p.Config = filepath.Join(p.Dir, layout.ConfigFile)
		return nil
	}
	found, searched, err := config.Find(p.From)
	if err != nil {
		return err
	}
	if found == "" {
		return fmt.Errorf("there is no %s in %s or above it (searched %s)", layout.ConfigFile, p.From, strings.Join(searched, ", "))
	}
	p.Config, p.Dir = found, filepath.Dir(found)
	return nil
}

// Shown is a file of the tree, relative to the root, as the user sees it: a path
// that works where the user is, slash separated.
func (p Place) Shown(name string) string {
	return p.seen(filepath.Join(p.Dir, filepath.FromSlash(name)))
}

func (p Place) seen(name string) string {
	if relative, err := filepath.Rel(p.From, name); err == nil {
		return filepath.ToSlash(relative)
	}
	return filepath.ToSlash(name)
}

// Transports returns the transports whose package exists. In another module
// than the runtime's own that is for the go command to say, so all do.
func (p Place) Transports() []layout.Transport {
	if p.Root.Module != layout.Module {
		return layout.Transports()
	}
	var found []layout.Transport
	for _, t := range layout.Transports() {
		if hasGo(filepath.Join(p.Library.Dir, filepath.FromSlash(t.Dir))) {
			found = append(found, t)
		}
	}
	return found
}

// hasGo tells whether a folder has a Go file that is no test.
func hasGo(dir string) bool {
	names, err := fs.Glob(os.DirFS(dir), "*.go")
	return err == nil && slices.ContainsFunc(names, func(name string) bool { return !strings.HasSuffix(name, "_test.go") })
}
