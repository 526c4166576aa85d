package resolve

import (
	"fmt"
	"slices"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// Unused reports what config.yml names for nothing: remote services that no variant
// with that entry calls, and services of other modules that no variant has to do
// with. Selections must be without problems.
func Unused(file *config.File, selections []Selection) config.Problems {
	remote, external := map[config.Name]bool{}, map[string]bool{}
	for _, s := range selections {
		called := map[string]bool{}
		for _, service := range s.Services {
			external[service.Name] = true
			for _, name := range slices.Concat(service.Calls, service.Optional) {
				called[name] = true
			}
			for _, name := range slices.Concat(service.Calls, service.Optional, service.Listens, service.Types) {
				external[name] = true
			}
		}
		for _, name := range s.Variant.Remote {
			remote[name] = remote[name] || called[name.Value]
		}
	}
	var problems config.Problems
	for name, used := range remote {
		if !used {
			problems = append(problems, file.Problem(name.Pos, "unused-remote",
				fmt.Sprintf("%s is remote, and no service that is linked beside it calls it", name), "take it out of remote"))
		}
	}
	for _, e := range file.Externals() {
		if !external[e.Name.Value] {
			problems = append(problems, file.Problem(e.Name.Pos, "unused-external",
				fmt.Sprintf("no variant has the external service %s, and none uses its contract", e.Name), "select it, or take it out of external"))
		}
	}
	for _, e := range file.ExternalPlugins() {
		linked := func(s Selection) bool {
			return slices.ContainsFunc(s.Plugins, func(p scan.Plugin) bool { return p.Code == e.Name.Value })
		}
		if !slices.ContainsFunc(selections, linked) {
			problems = append(problems, file.Problem(e.Name.Pos, "unused-external",
				fmt.Sprintf("no variant has the external plugin %s", e.Name), "list it under plugins, or take it out of external_plugins"))
		}
	}
	problems.Sort()
	return problems
}
