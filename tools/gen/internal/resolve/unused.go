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
	remote, services, plugins := map[config.Name]bool{}, map[string]bool{}, map[string]bool{}
	for _, s := range selections {
		called := map[string]bool{}
		for _, service := range s.Services {
			services[service.Name] = true
			for _, name := range slices.Concat(service.Calls, service.Optional) {
				called[name], services[name] = true, true
			}
			for _, name := range slices.Concat(service.Listens, service.Types) {
				services[name] = true
			}
		}
		for _, name := range s.Variant.Remote {
			remote[name] = remote[name] || called[name.Value]
		}
		for _, p := range s.Plugins {
			plugins[p.Code] = true
		}
	}
	var problems config.Problems
	report := func(used bool, name config.Name, code, message, help string) {
		if !used {
			problems = append(problems, file.Problem(name.Pos, code, fmt.Sprintf(message, name), help))
		}
	}
	for name, used := range remote {
		report(used, name, "unused-remote", "%s is remote, and no service that is linked beside it calls it", "take it out of remote")
	}
	for _, e := range file.Externals() {
		report(services[e.Name.Value], e.Name, "unused-external",
			"no variant has the external service %s, and none uses its contract", "select it, or take it out of external")
	}
	for _, e := range file.ExternalPlugins() {
		report(plugins[e.Name.Value], e.Name, "unused-external",
			"no variant has the external plugin %s", "list it under plugins, or take it out of external_plugins")
	}
	problems.Sort()
	return problems
}
