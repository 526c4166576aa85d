package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/project"
)

// The exit codes. A script can tell a mistake in the input from stale files.
const (
	exitOK      = 0
	exitInvalid = 1 // config.yml or the sources are wrong; nothing was written
	exitUsage   = 2 // the command line, or the file system
	exitDrift   = 3 // check: generated files are not what they should be
)

// mostGarbage is how many bytes are used before any is given back.
const mostGarbage = 512 << 20

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, os.LookupEnv))
}

// run is the whole program but for the process around it; it returns the exit code.
func run(args []string, stdout, stderr io.Writer, env func(string) (string, bool)) int {
	// The syntax of a tree stays until the end, which is soon: marking it would take a
	// fifth of the time. A thousand services need a fifth of this.
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(mostGarbage)
	dir, err := config.WorkingDir(env)
	if err != nil {
		fmt.Fprintln(stderr, "gen:", err)
		return exitUsage
	}
	g := &gen{stdout: stdout, stderr: stderr, dir: dir}
	_, g.underGoGenerate = env("GOPACKAGE")
	name := "generate"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if name == "help" || name == "generate" && len(args) > 0 && isHelp(args[0]) {
		return g.help(args)
	}
	c, known := find(name)
	if !known {
		return g.unknownCommand(name)
	}
	return g.run(c, args)
}

func isHelp(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }

// gen is one run of the command.
type gen struct {
	stdout, stderr io.Writer
	// dir is the user's working directory.
	dir string
	// root and config are the flags of that name.
	root, config string
	// underGoGenerate says that the go command runs us for a directive.
	underGoGenerate bool
}

// errUsage says that the command line was wrong, which was already reported.
var errUsage = errors.New("usage")

// run parses flags and runs a command.
func (g *gen) run(c command, args []string) int {
	flags := flag.NewFlagSet("gen "+c.name, flag.ContinueOnError)
	flags.SetOutput(g.stderr)
	flags.Usage = func() { fmt.Fprint(flags.Output(), c.usage()) }
	if !c.placeless {
		flags.StringVar(&g.root, "root", "", "")
		flags.StringVar(&g.config, "config", "", "")
	}
	err := c.run(g, flags, args)
	_, problems := errors.AsType[config.Problems](err)
	_, invalid := errors.AsType[invalidError](err)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errDrift):
		return exitDrift
	case errors.Is(err, errUsage):
		return exitUsage
	case problems:
		fmt.Fprintln(g.stderr, err)
		return exitInvalid
	}
	fmt.Fprintln(g.stderr, "gen:", err)
	if invalid {
		return exitInvalid
	}
	return exitUsage
}

// invalidError is input that is wrong, where it is not a place in a file.
type invalidError struct{ error }

// parse reads flags that may stand before or behind the arguments, and wants as
// many arguments as are named.
func parse(flags *flag.FlagSet, args []string, names ...string) ([]string, error) {
	var found []string
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage
		}
		if flags.NArg() == 0 {
			break
		}
		found = append(found, flags.Arg(0))
		args = flags.Args()[1:]
	}
	if len(found) != len(names) {
		fmt.Fprintf(flags.Output(), "%s: got %d arguments, want %s\n", flags.Name(), len(found), wanted(names))
		flags.Usage()
		return nil, errUsage
	}
	return found, nil
}

func wanted(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, " ")
}

// load finds, reads and resolves the tree.
func (g *gen) load(scope project.Scope) (project.Place, *project.Project, error) {
	place, err := project.Find(g.dir, g.root, g.config)
	if err != nil {
		return place, nil, err
	}
	if g.underGoGenerate {
		// It runs us in the folder of the directive, and its user is rarely there.
		place.From = place.Library.Dir
	}
	source, err := project.Open(place)
	if err != nil {
		return place, nil, err
	}
	loaded, err := project.Load(source, scope)
	return place, loaded, err
}
