package resolve

import (
	"fmt"
	"slices"

	"github.com/shopanaio/orchestrator/config"
)

// Unused reports what config.yml names for nothing: remote services that no variant
// with that entry calls, and services and plugins of other modules that no variant
// has to do with. Selections must be without problems.
func Unused(file *config.File, selections []Selection) config.Problems {
	problems := slices.Concat(unusedRemote(file, selections), unusedExternals(file, selections))
	problems.Sort()
	return problems
}

func unusedRemote(file *config.File, selections []Selection) config.Problems {
	used := map[config.Name]bool{}
	for _, s := range selections {
		called := map[string]bool{}
		for _, service := range s.Services {
			for _, name := range slices.Concat(service.Calls, service.Optional) {
				called[name] = true
			}
		}
		for _, name := range s.Variant.Remote {
			used[name] = used[name] || called[name.Value]
		}
	}
	var problems config.Problems
	for name, is := range used {
		if !is {
			problems = append(problems, file.Problem(name.Pos, "unused-remote",
				fmt.Sprintf("%s is remote, and no service that is linked beside it calls it", name), "take it out of remote"))
		}
	}
	return problems
}

func unusedExternals(file *config.File, selections []Selection) config.Problems {
	services, plugins := map[string]bool{}, map[string]bool{}
	for _, s := range selections {
		for _, service := range s.Services {
			services[service.Name] = true
			for _, name := range slices.Concat(service.Calls, service.Optional, service.Listens, service.Types) {
				services[name] = true
			}
		}
		for _, p := range s.Plugins {
			plugins[p.Code] = true
		}
	}
	var problems config.Problems
	for _, e := range file.Externals() {
		if !services[e.Name.Value] {
			problems = append(problems, file.Problem(e.Name.Pos, "unused-external",
				fmt.Sprintf("no variant has the external service %s, and none uses its contract", e.Name), "select it, or take it out of external"))
		}
	}
	for _, e := range file.ExternalPlugins() {
		if !plugins[e.Name.Value] {
			problems = append(problems, file.Problem(e.Name.Pos, "unused-external",
				fmt.Sprintf("no variant has the external plugin %s", e.Name), "list it under plugins, or take it out of external_plugins"))
		}
	}
	return problems
}
