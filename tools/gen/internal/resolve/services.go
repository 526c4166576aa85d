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
func (r *resolver) afterwards() string { return "then run: " + r.tree.Root.Regenerate() }

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
	case r.file.Mistaken(name.Value):
	case r.tree.Links[dir]:
		r.reportLink(v, name, dir)
	case exists && len(folder.Broken) > 0:
		r.problems = append(r.problems, folder.Broken...)
	case exists:
		r.report(name.Pos, "no-module", name.Value,
			fmt.Sprintf("variant %s: %s is no service: no file in it declares var Module", v.Name, dir),
			fmt.Sprintf("declare it in %s/module.go", dir))
	default:
		r.report(name.Pos, "unknown-service", name.Value,
			fmt.Sprintf("variant %s: there is no service %s", v.Name, name.Value),
			r.misnamed(name.Value)+r.choices(name.Value, "services", r.names)+"\n"+r.afterwards())
	}
}

// reportLink reports a folder that go, gazelle and gen do not look into.
func (r *resolver) reportLink(v config.Variant, name config.Name, dir string) {
	r.report(name.Pos, "symbolic-link", name.Value,
		fmt.Sprintf("variant %s: %s is a symbolic link, and those are not followed: neither by gen nor by the go command's ./...", v.Name, dir),
		"put the folder itself there, or name it as one of another module")
}

// misnamed points out a service whose folder is called nearly so, but by no name.
func (r *resolver) misnamed(name string) string {
	plain := func(name string) string { return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name)) }
	for _, s := range r.tree.Services {
		if s.Module && config.CheckName(s.Name) != nil && plain(s.Name) == plain(name) {
			return fmt.Sprintf("%s has a Module, but its folder's name is no service's: rename it %s\n", layout.ServiceDir(s.Name), name)
		}
	}
	return ""
}

// mostChoices is how many names a message lists.
const mostChoices = 20

// choices is the help for a name that does not exist: the one that may have
// been meant, and those that there are.
func (r *resolver) choices(want, what string, have []string) string {
	if len(have) == 0 {
		return "there are no " + what + " here"
	}
	if r.hints.Spent(len(have)) {
		return r.tree.Root.Command("list") + " shows all " + what
	}
	help := ""
	if near, ok := config.Likely(want, have); ok {
		help = fmt.Sprintf("did you mean %q?\n", near)
	}
	shown := have[:min(len(have), mostChoices)]
	help += what + ": " + strings.Join(shown, ", ")
	if more := len(have) - len(shown); more > 0 {
		help += fmt.Sprintf(" and %d more; %s shows all", more, r.tree.Root.Command("list"))
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
