package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/output"
	"github.com/shopanaio/orchestrator/tools/gen/internal/project"
)

// errDrift says that files are not what they should be, which was already reported.
var errDrift = errors.New("drift")

// mostDiffLines is how much of a difference check shows.
const mostDiffLines = 20

// generate makes the files right.
func (g *gen) generate(flags *flag.FlagSet, args []string) error {
	if _, err := parse(flags, args); err != nil {
		return err
	}
	tree, changes, err := g.plan()
	if err != nil {
		return err
	}
	return g.apply(tree, changes)
}

// apply makes files right and says which. What would destroy the work of others
// is refused, and with it all the rest.
func (g *gen) apply(tree output.Tree, changes []output.Change) error {
	refused := tree.Refused(changes)
	if err := refused.Err(); err != nil {
		return err
	}
	done, err := tree.Apply(changes)
	removed := false
	for _, c := range done {
		verb := "wrote"
		if c.New == nil {
			verb = "removed"
			removed = removed || strings.HasSuffix(c.Path, ".go")
		}
		fmt.Fprintln(g.stdout, verb, tree.Shown(c.Path))
	}
	if removed && g.underGoGenerate {
		fmt.Fprintln(g.stdout, "all is done; that the go command misses a file which was removed is no mistake of yours, and it will not the next time")
	}
	return err
}

// check reports the files that are not right.
func (g *gen) check(flags *flag.FlagSet, args []string) error {
	if _, err := parse(flags, args); err != nil {
		return err
	}
	tree, changes, err := g.plan()
	if err != nil || len(changes) == 0 {
		return err
	}
	return g.drift(tree, changes)
}

// drift reports files that are not right and what to run.
func (g *gen) drift(tree output.Tree, changes []output.Change) error {
	for _, c := range changes {
		fmt.Fprintf(g.stdout, "%s: %s\n", tree.Shown(c.Path), c.State)
		if c.New != nil && c.Old != nil {
			fmt.Fprint(g.stdout, output.Diff(c.Path, c.Old, c.New, mostDiffLines))
		}
	}
	if slices.ContainsFunc(changes, func(c output.Change) bool { return c.Lossy }) {
		fmt.Fprintln(g.stderr, "what was edited by hand is not overwritten: keep what you need of it and remove these files; then")
	}
	fmt.Fprintln(g.stderr, "run:", tree.Mend)
	return errDrift
}

// plan compares what should be generated with what is there.
func (g *gen) plan() (output.Tree, []output.Change, error) {
	place, loaded, err := g.load(project.Selected)
	if err != nil {
		return output.Tree{}, nil, err
	}
	return g.compare(place, loaded)
}

// compare compares the files of a project with what is there.
func (g *gen) compare(place project.Place, loaded *project.Project) (output.Tree, []output.Change, error) {
	files, err := loaded.Files()
	if err != nil {
		return output.Tree{}, nil, err
	}
	tree := output.Tree{Dir: place.Dir, Shown: place.Shown, Mend: place.Root.Regenerate()}
	changes, problems, err := tree.Plan(files)
	if err == nil {
		err = problems.Err()
	}
	return tree, changes, err
}
