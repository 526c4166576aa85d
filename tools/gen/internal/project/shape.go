package project

import (
	"errors"
	"io/fs"
	"path"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// links are the folders of services/ and plugins/ that are symbolic links. The
// error is one of the file system.
func links(fsys fs.FS) (map[string]bool, error) {
	found := make(map[string]bool)
	for _, dir := range []string{layout.ServicesDir, layout.PluginsDir} {
		entries, err := fs.ReadDir(fsys, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if e.Type()&fs.ModeSymlink != 0 {
				found[path.Join(dir, e.Name())] = true
			}
		}
	}
	return found, nil
}

// unlinkable reports selected folders that are found like a service or a plugin and
// that no program can import.
func (p *Project) unlinkable(src Source) config.Problems {
	shown := src.Shown
	if shown == nil {
		shown = path.Clean
	}
	var problems config.Problems
	for dir, pkg := range p.selected() {
		if pkg == "main" {
			problems = append(problems, config.Problem{
				Path: shown(dir), Code: "package-main",
				Message: "this package is called main, and no program can import such a one",
				Help:    "call it " + layout.Ident(path.Base(dir)),
			})
		}
		file := path.Join(dir, "go.mod")
		if _, err := fs.Stat(src.FS, file); err == nil {
			problems = append(problems, config.Problem{
				Path: shown(file), Line: 1, Column: 1, Code: "nested-module",
				Message: dir + " is a module of its own, so that the module around it does not have the package",
				Help:    "remove the file, or move the package out of the tree and name it as one of another module in " + layout.ConfigFile,
			})
		}
	}
	return problems
}

// selected are the folders of the selected services, their contracts, and plugins,
// with the names of their packages where these are known.
func (p *Project) selected() map[string]string {
	dirs := make(map[string]string)
	for _, s := range p.Selections {
		for _, service := range s.Services {
			if !service.External {
				dirs[layout.ServiceDir(service.Name)] = service.Package
				dirs[layout.ContractDir(service.Name)] = ""
			}
		}
		for _, plugin := range s.Plugins {
			if plugin.External == "" {
				dirs[layout.PluginDir(plugin.Code)] = plugin.Package
			}
		}
	}
	return dirs
}
