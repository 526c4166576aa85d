package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/output"
	"github.com/shopanaio/orchestrator/tools/gen/internal/project"
	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
)

// deps writes or checks the list of packages that each variant links.
func (g *gen) deps(flags *flag.FlagSet, args []string) error {
	check := flags.Bool("check", false, "")
	if _, err := parse(flags, args); err != nil {
		return err
	}
	place, loaded, err := g.load(project.Selected)
	if err != nil {
		return err
	}
	tree := output.Tree{Dir: place.Dir, Shown: place.Shown, Mend: place.Root.Command("deps")}
	var changes []output.Change
	for _, s := range loaded.Selections {
		file, err := depsFile(place, s)
		if err != nil {
			return err
		}
		change, problem, err := tree.Compare(file)
		switch {
		case err != nil:
			return err
		case problem != nil:
			return config.Problems{*problem}
		case change != nil:
			changes = append(changes, *change)
		}
	}
	if *check {
		if len(changes) == 0 {
			return nil
		}
		return g.drift(tree, changes)
	}
	return g.apply(tree, changes)
}

// depsFile asks the go command what a variant links.
func depsFile(place project.Place, s resolve.Selection) (render.File, error) {
	dir := layout.VariantDir(s.Variant.Name)
	program := place.Root.ImportPath(dir)
	cmd := exec.CommandContext(context.Background(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", program)
	cmd.Dir = place.ModuleDir
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	var text, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &problems
	if err := cmd.Run(); err != nil {
		return render.File{}, fmt.Errorf("list what %s links: %w\n%s", program, err, problems.String())
	}
	packages := strings.Fields(text.String())
	packages = slices.DeleteFunc(packages, func(name string) bool { return name == program })
	slices.Sort(packages)
	return render.File{
		Path: path.Join(dir, layout.DepsFile),
		Data: render.Seal("#", []byte(strings.Join(packages, "\n")+"\n")),
	}, nil
}
