package orchestrator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator/internal/process"
	"github.com/shopanaio/orchestrator/orchestrator/metrics"
)

// Exit codes of a program; those of a process are in package process. A bad command
// line has the code that sysexits.h gives it: 2 is what the Go runtime ends a program
// with that crashed.
const (
	exitOK    = process.ExitOK
	exitError = process.ExitError
	exitUsage = 64
)

// Main is the whole of a generated main: it runs the program with the process's
// own arguments, environment and signals, and returns the exit code.
func Main(b Binary) int { return Run(context.Background(), b, Options{}) }

// Run runs the program and returns its exit code; it never exits by itself. The
// end of ctx stops a running process gracefully, like a signal.
func Run(ctx context.Context, b Binary, o Options) int {
	o = o.withDefaults()
	begun := time.Now()
	m, err := manifest.Parse(b.Manifest)
	if err != nil {
		err = fmt.Errorf("the embedded manifest cannot be used: %w", err)
	} else {
		err = agrees(m, b)
	}
	name, args := commandLine(o.Args)
	in := &invocation{Program: o.program(b, m, begun), options: o, serving: name == "run"}
	if err != nil {
		return in.exitCode(err)
	}
	for _, c := range commands() {
		if c.name == name {
			return in.exitCode(c.run(ctx, in, args))
		}
	}
	return in.exitCode(unknownCommand(name))
}

// commandLine is which command is meant, with its arguments. Whoever asks any
// command for help gets it.
func commandLine(args []string) (name string, rest []string) {
	name = "run"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	for _, arg := range args {
		switch arg {
		case "-h", "-help", "--help":
			return "help", nil
		case "--":
			return name, args
		}
	}
	return name, args
}

// agrees notices a manifest.json and a services_gen.go of different origin.
func agrees(m manifest.Manifest, b Binary) error {
	var listed, linked []string
	for _, s := range m.Services {
		listed = append(listed, s.Name)
	}
	for _, d := range b.Services {
		linked = append(linked, d.Name)
	}
	if slices.Equal(listed, linked) {
		return nil
	}
	return fmt.Errorf("manifest.json lists %s but services_gen.go links %s: they were not generated together; run %s and build again",
		process.Names(listed), process.Names(linked), m.Mend())
}

// invocation is one run of the program, whichever command it was given.
type invocation struct {
	process.Program

	options Options
	// serving says that the command is run, whose errors a log reads in production.
	serving bool
}

// command is what the first argument can name.
type command struct {
	name, args, about string
	run               func(ctx context.Context, in *invocation, args []string) error
}

func commands() []command {
	return []command{
		{"run", "", "start the services and serve until a signal (default)", runProcess},
		{"call", "ACTION [JSON|@FILE|-]", "call an action of the running process", runCall},
		{"manifest", "", "print what this program was built from, as JSON", runManifest},
		{"version", "", "print the variant, the revision and the Go version", runVersion},
		{"check", "", "validate the settings and exit", runCheck},
		{"help", "", "show this text", runHelp},
	}
}

// exit is an error that has been reported, or needs no report, with the code that the
// program ends with.
type exit int

// Error implements error; nobody reads it.
func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a mistake in the command line.
type usageError struct{ error }

func (in *invocation) exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	if code, ok := errors.AsType[exit](err); ok {
		return int(code)
	}
	in.say(err)
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitError
}

// say writes an error for whoever reads. What cannot be written to stderr cannot be
// reported at all.
func (in *invocation) say(err error) {
	if in.serving {
		in.Reporter().Say(err)
		return
	}
	_, _ = fmt.Fprintln(in.options.Stderr, err)
}

func unknownCommand(name string) error {
	var have []string
	for _, c := range commands() {
		have = append(have, c.name)
	}
	hint := ""
	if near, ok := config.Likely(name, have); ok {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return usageError{fmt.Errorf("unknown command %q%s\ncommands: %s", name, hint, strings.Join(have, ", "))}
}

// runProcess is the command run.
func runProcess(ctx context.Context, in *invocation, args []string) error {
	if err := noArguments("run", args); err != nil {
		return err
	}
	return exit(process.Run(ctx, &in.Program))
}

// runCheck validates the settings. It also makes the services, which connects to
// nothing and starts nothing, because some settings only they can judge.
func runCheck(ctx context.Context, in *invocation, args []string) error {
	if err := noArguments("check", args); err != nil {
		return err
	}
	p, err := in.Prepare()
	if err != nil {
		return err
	}
	for _, text := range p.Warnings() {
		_, _ = fmt.Fprintln(in.options.Stderr, "warning: "+text)
	}
	if _, err := in.Rehearse(ctx, p); err != nil {
		return err
	}
	return write(in.options.Stdout, []byte(p.String()+"\n"))
}

func runManifest(_ context.Context, in *invocation, args []string) error {
	if err := noArguments("manifest", args); err != nil {
		return err
	}
	return write(in.options.Stdout, in.ManifestJSON)
}

// runVersion prints one line that says which build this is.
func runVersion(_ context.Context, in *invocation, args []string) error {
	if err := noArguments("version", args); err != nil {
		return err
	}
	return write(in.options.Stdout, fmt.Appendf(nil, "%s, revision %s, %s %s/%s, selection %s\n",
		in.Manifest.Variant, cmp.Or(metrics.Revision(), "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH, in.Manifest.Config))
}

func runHelp(_ context.Context, in *invocation, _ []string) error {
	return write(in.options.Stdout, []byte(in.help()))
}

func write(w io.Writer, data []byte) error {
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

func noArguments(command string, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if strings.HasPrefix(args[0], "-") {
		hint = "\nsettings come from the environment or from config.yml, such as METRICS_PORT=3031; help lists them"
	}
	return usageError{fmt.Errorf("%s takes no arguments, but got %q%s", command, args, hint)}
}
