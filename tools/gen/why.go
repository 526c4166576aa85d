package main

import (
	"flag"
	"fmt"
	"slices"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/project"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
)

// why says why a service is in a variant, or is not.
func (g *gen) why(flags *flag.FlagSet, args []string) error {
	variant := flags.String("variant", "", "")
	names, err := parse(flags, args, "SERVICE")
	if err != nil {
		return err
	}
	_, loaded, err := g.load(project.Everything)
	if err != nil {
		return err
	}
	if err := loaded.CheckService(names[0]); err != nil {
		return invalidError{err}
	}
	selections := loaded.Selections
	if *variant != "" {
		one, err := loaded.Find(*variant)
		if err != nil {
			return invalidError{err}
		}
		selections = []resolve.Selection{one}
	}
	for _, s := range selections {
		g.whyIn(s, names[0], loaded.Graph)
	}
	return nil
}

// whyIn says it of one variant.
func (g *gen) whyIn(s resolve.Selection, name string, edges *graph.Graph) {
	at := slices.IndexFunc(s.Variant.Services, func(n config.Name) bool { return n.Value == name })
	switch {
	case at >= 0:
		fmt.Fprintf(g.stdout, "%s is in %s: selected at %s\n", name, s.Variant.Name, s.Variant.Services[at].Pos)
	case slices.Contains(s.Remote, name):
		fmt.Fprintf(g.stdout, "%s is not in %s: another process serves it\n", name, s.Variant.Name)
	default:
		fmt.Fprintf(g.stdout, "%s is not in %s: it is not selected, and nothing there needs it\n", name, s.Variant.Name)
	}
	for _, user := range s.Names() {
		for _, e := range edges.From(user) {
			if e.To == name {
				fmt.Fprintln(g.stdout, "   ", resolve.Explain(e))
			}
		}
	}
	if at < 0 {
		return
	}
	for _, e := range edges.From(name) {
		fmt.Fprintln(g.stdout, "   ", resolve.Explain(e))
	}
}
