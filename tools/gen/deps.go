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
	if err := g.programsAreThere(place, loaded); err != nil {
		return err
	}
	tree := output.Tree{Dir: place.Dir, Shown: place.Shown, Mend: place.Root.Command("deps")}
	var files []render.File
	for _, s := range loaded.Selections {
		file, err := depsFile(place, s)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	changes, problems, err := tree.CompareAll(files)
	if err == nil {
		err = problems.Err()
	}
	switch {
	case err != nil:
		return err
	case !*check:
		return g.apply(tree, changes)
	case len(changes) > 0:
		return g.drift(tree, changes)
	}
	return nil
}

// programsAreThere reports programs that are missing or stale: the go command would
// look for the first elsewhere, and list of the others what is not asked for.
func (g *gen) programsAreThere(place project.Place, loaded *project.Project) error {
	tree, changes, err := g.compare(place, loaded)
	if err != nil || len(changes) == 0 {
		return err
	}
	for _, c := range changes {
		fmt.Fprintf(g.stdout, "%s: %s\n", tree.Shown(c.Path), c.State)
	}
	fmt.Fprintf(g.stderr, "what the programs link can be listed once they are right\nrun: %s\n", tree.Mend)
	return errDrift
}

// listArguments ask for packages. What GOFLAGS may say of the build of programs is
// taken back: it would not fit the platform, or change the answer.
func listArguments(program string) []string {
	return []string{
		"list", "-race=false", "-msan=false", "-asan=false", "-cover=false", "-json=false", "-tags=",
		"-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", program,
	}
}

// depsFile asks the go command what a variant links.
func depsFile(place project.Place, s resolve.Selection) (render.File, error) {
	dir := layout.VariantDir(s.Variant.Name)
	program := place.Root.ImportPath(dir)
	cmd := exec.CommandContext(context.Background(), "go", listArguments(program)...)
	cmd.Dir = place.Library.Dir
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
