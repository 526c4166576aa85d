package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
)

// Exit codes of a program. A process that a signal stopped while it started, and
// one that a second signal cut short, have 128 plus the signal's number: 130 for
// SIGINT, 143 for SIGTERM.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// Main is the whole of a generated main: it runs the program with the process's
// own arguments, environment and signals, and returns the exit code.
func Main(b Binary) int { return Run(context.Background(), b, Options{}) }

// Run runs the program and returns its exit code; it never exits by itself. The
// end of ctx stops a running process gracefully, like a signal.
func Run(ctx context.Context, b Binary, o Options) int {
	o = o.withDefaults()
	in := &invocation{binary: b, options: o, begun: time.Now()}
	m, err := manifest.Parse(b.Manifest)
	if err != nil {
		return in.fail(fmt.Errorf("the embedded manifest cannot be used: %w", err))
	}
	if err := agrees(m, b); err != nil {
		return in.fail(err)
	}
	in.manifest = m
	name, args := "run", o.Args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if name == "run" && len(args) > 0 && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		name = "help"
	}
	for _, c := range commands() {
		if c.name == name {
			return in.exitCode(c.run(ctx, in, args))
		}
	}
	return in.exitCode(unknownCommand(name))
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
		names(listed), names(linked), m.Mend())
}

// invocation is one run of the program, whichever command it was given.
type invocation struct {
	binary   Binary
	options  Options
	manifest manifest.Manifest
	begun    time.Time
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
		{"check", "", "validate the settings and exit", runCheck},
		{"help", "", "show this text", runHelp},
	}
}

// exit is an error that already has been told, or needs no telling, with the
// code that the program ends with.
type exit int

// Error implements error; nobody reads it.
func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a mistake in the command line.
type usageError struct{ error }

func (in *invocation) exitCode(err error) int {
	var code exit
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		in.tell(err)
		return exitUsage
	}
	return in.fail(err)
}

func (in *invocation) fail(err error) int {
	in.tell(err)
	return exitError
}

// tell writes an error for a person. What cannot be written to stderr cannot be
// told at all.
func (in *invocation) tell(err error) { _, _ = fmt.Fprintln(in.options.Stderr, err) }

func unknownCommand(name string) error {
	var have []string
	for _, c := range commands() {
		have = append(have, c.name)
	}
	hint := ""
	if near, ok := config.Nearest(name, have); ok {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return usageError{fmt.Errorf("unknown command %q%s\ncommands: %s", name, hint, strings.Join(have, ", "))}
}

func runManifest(_ context.Context, in *invocation, args []string) error {
	if err := noArguments("manifest", args); err != nil {
		return err
	}
	return write(in.options.Stdout, in.binary.Manifest)
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
	return usageError{fmt.Errorf("%s takes no arguments, but got %q", command, args)}
}

// names lists names as a sentence does.
func names(all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// signalled is the cause of a stop that a signal asked for.
type signalled struct{ os.Signal }

// Error says which signal.
func (s signalled) Error() string { return "received " + signalName(s.Signal) }
