package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// afterwards is the command that every mended config.yml needs.
const afterwards = "then run: " + layout.Regenerate

// knownServices returns the variant's services that the tree has, sorted, and
// reports the others.
func (r *resolver) knownServices(v config.Variant) []string {
	var members []string
	for _, name := range v.Services {
		if found := r.services[name.Value]; found.Module {
			members = append(members, name.Value)
			r.problems = append(r.problems, found.Misnamed...)
			r.checkSource(found)
			continue
		}
		r.unknownService(v, name)
	}
	slices.Sort(members)
	return members
}

// unknownService says why a name is no service.
func (r *resolver) unknownService(v config.Variant, name config.Name) {
	folder, exists := r.services[name.Value]
	dir := layout.ServiceDir(name.Value)
	switch {
	case exists && len(folder.Broken) > 0:
		r.problems = append(r.problems, folder.Broken...)
	case exists:
		r.report(name.Pos, "no-module", name.Value,
			fmt.Sprintf("variant %s: %s is no service: no file in it declares var Module", v.Name, dir),
			fmt.Sprintf("declare it in %s/module.go", dir))
	default:
		r.report(name.Pos, "unknown-service", name.Value,
			fmt.Sprintf("variant %s: there is no service %s", v.Name, name.Value),
			choices(name.Value, "services", r.serviceNames())+"\n"+afterwards)
	}
}

// serviceNames are all services of the tree, sorted.
func (r *resolver) serviceNames() []string {
	var names []string
	for _, s := range r.tree.Services {
		if s.Module {
			names = append(names, s.Name)
		}
	}
	return slices.Compact(names)
}

// mostChoices is how many names a message lists.
const mostChoices = 20

// choices is the help for a name that does not exist: the one that may have
// been meant, and those that there are.
func choices(want, what string, have []string) string {
	if len(have) == 0 {
		return "there are no " + what + " here"
	}
	help := ""
	if near, ok := config.Nearest(want, have); ok {
		help = fmt.Sprintf("did you mean %q?\n", near)
	}
	shown := have[:min(len(have), mostChoices)]
	help += what + ": " + strings.Join(shown, ", ")
	if more := len(have) - len(shown); more > 0 {
		help += fmt.Sprintf(" and %d more; go run ./tools/gen list shows all", more)
	}
	return help
}

// because says why a service is in a program.
func because(callers []string) string {
	if len(callers) == 0 {
		return "selected in " + layout.ConfigFile
	}
	return "selected in " + layout.ConfigFile + ", called by " + strings.Join(callers, ", ")
}

// reportCycles reports services that call each other in a circle, at the call
// that the circle begins with.
func (r *resolver) reportCycles(cycles [][]graph.Edge) {
	for _, cycle := range cycles {
		at := cycle[0].Witness
		if r.cycles[at] {
			continue
		}
		r.cycles[at] = true
		names := []string{cycle[0].From}
		var help strings.Builder
		for _, e := range cycle {
			names = append(names, e.To)
			help.WriteString(Explain(e) + "\n")
		}
		help.WriteString("make one of the calls an event, or say that it can fail: //orchestrator:optional why")
		r.problems = append(r.problems, config.Problem{
			Path: at.Path, Line: at.Line, Column: at.Column, Code: "cycle",
			Message: "services call each other in a circle: " + strings.Join(names, " -> "),
			Excerpt: cycle[0].Excerpt, Help: help.String(),
		})
	}
}

// verbs say what an edge's From does with its Name.
var verbs = map[graph.Kind]string{
	graph.Calls: "calls", graph.Optional: "calls, if it is there,", graph.Listens: "listens to", graph.Types: "uses",
}

// Explain is an edge as a sentence with the place where it was seen first.
func Explain(e graph.Edge) string {
	what := e.Name
	if what == "" {
		what = "the contract of " + e.To
	}
	text := fmt.Sprintf("%s: %s %s %s", e.Witness, e.From, verbs[e.Kind], what)
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	return text
}
