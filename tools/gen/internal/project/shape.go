package project

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// shape is what folders of the tree are, where they are not what they seem.
type shape struct {
	// links are folders of services/ and plugins/ that are symbolic links.
	links map[string]bool
	// modules are the go.mod files of modules inside the folders of services.
	modules []string
}

// lookAt looks at the folders of services/ and plugins/, and into those of the
// services named. The error is one of the file system.
func lookAt(src Source, services []string) (shape, error) {
	s := shape{links: make(map[string]bool)}
	for _, dir := range []string{layout.ServicesDir, layout.PluginsDir} {
		entries, err := fs.ReadDir(src.FS, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s, err
		}
		for _, e := range entries {
			if e.Type()&fs.ModeSymlink != 0 {
				s.links[path.Join(dir, e.Name())] = true
			}
		}
	}
	for _, name := range services {
		for _, dir := range []string{layout.ServiceDir(name), layout.ContractDir(name)} {
			file := path.Join(dir, "go.mod")
			if _, err := fs.Stat(src.FS, file); err == nil {
				s.modules = append(s.modules, file)
			}
		}
	}
	return s, nil
}

// unlinkable reports what is found like a service or a plugin and that no program
// can import.
func (p *Project) unlinkable(src Source, s shape) config.Problems {
	shown := src.Shown
	if shown == nil {
		shown = path.Clean
	}
	var problems config.Problems
	for _, file := range s.modules {
		problems = append(problems, config.Problem{
			Path: shown(file), Line: 1, Column: 1, Code: "nested-module",
			Message: path.Dir(file) + " is a module of its own, so that the module around it does not have the package",
			Help:    "remove the file, or move the service out of the tree and name it under external: in " + layout.ConfigFile,
		})
	}
	for _, dir := range p.commands() {
		problems = append(problems, config.Problem{
			Path: shown(dir), Code: "package-main",
			Message: "this package is called main, and no program can import such a one",
			Help:    "call it " + layout.Ident(path.Base(dir)),
		})
	}
	return problems
}

// commands are the folders of selected services and plugins whose package is main.
func (p *Project) commands() []string {
	var dirs []string
	for _, s := range p.Selections {
		for _, service := range s.Services {
			if service.Package == "main" && !service.External {
				dirs = append(dirs, layout.ServiceDir(service.Name))
			}
		}
		for _, plugin := range s.Plugins {
			if plugin.Package == "main" && plugin.External == "" {
				dirs = append(dirs, layout.PluginDir(plugin.Code))
			}
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}
