package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
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

// apply makes files right and says which.
func (g *gen) apply(tree output.Tree, changes []output.Change) error {
	if err := tree.Apply(changes); err != nil {
		return err
	}
	removed := false
	for _, c := range changes {
		verb := "wrote"
		if c.State == output.Orphan {
			verb = "removed"
			removed = removed || strings.HasSuffix(c.Path, ".go")
		}
		fmt.Fprintln(g.stdout, verb, tree.Shown(c.Path))
	}
	if removed && g.underGoGenerate {
		fmt.Fprintln(g.stdout, "all is done; that the go command misses a file which was removed is no mistake of yours, and it will not the next time")
	}
	return nil
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
	mend := layout.Regenerate
	if flags := g.placeFlags(); flags != "" {
		mend = "go run ./tools/gen" + flags
	}
	return g.drift(tree, changes, mend)
}

// placeFlags are the flags that choose the tree, as they were given: what mends
// another tree than the nearest has to be told which.
func (g *gen) placeFlags() string {
	flags := ""
	if g.root != "" {
		flags += " --root " + g.root
	}
	if g.config != "" {
		flags += " --config " + g.config
	}
	return flags
}

// drift reports files that are not right and what to run.
func (g *gen) drift(tree output.Tree, changes []output.Change, mend string) error {
	for _, c := range changes {
		fmt.Fprintf(g.stdout, "%s: %s\n", tree.Shown(c.Path), c.State)
		if c.State == output.Stale || c.State == output.Edited {
			fmt.Fprint(g.stdout, output.Diff(c.Path, c.Old, c.New, mostDiffLines))
		}
	}
	fmt.Fprintln(g.stderr, "run:", mend)
	return errDrift
}

// plan compares what should be generated with what is there.
func (g *gen) plan() (output.Tree, []output.Change, error) {
	place, loaded, err := g.load(project.Selected)
	if err != nil {
		return output.Tree{}, nil, err
	}
	files, err := loaded.Files()
	if err != nil {
		return output.Tree{}, nil, err
	}
	tree := output.Tree{Dir: place.Dir, Shown: place.Shown}
	changes, problems, err := tree.Plan(files)
	if err == nil {
		err = problems.Err()
	}
	return tree, changes, err
}
