package project

import (
	"path"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// unlinkable reports selected folders that are found like a service or a plugin and
// that no program can import.
func (p *Project) unlinkable(scanner *scan.Scanner, shown func(string) string) config.Problems {
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
		if scanner.IsModule(dir) {
			problems = append(problems, config.Problem{
				Path: shown(path.Join(dir, "go.mod")), Line: 1, Column: 1, Code: "nested-module",
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
