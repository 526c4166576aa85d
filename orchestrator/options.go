package orchestrator

import (
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/shopanaio/orchestrator/orchestrator/internal/runfile"
)

// Options is what a program gets from its surroundings. The zero value of each
// field means the process's own, so that tests replace only what they mean to.
type Options struct {
	// Args are the arguments after the program's name; default os.Args[1:].
	Args []string
	// Program is the name the program was called by, for hints; default os.Args[0].
	Program string
	// Env looks an environment variable up; default os.LookupEnv.
	Env func(name string) (string, bool)
	// Environ lists the environment, for what is set in vain; default os.Environ, or
	// nothing where Env is given.
	Environ func() []string
	// Stdin is read by call ACTION -; default os.Stdin.
	Stdin io.Reader
	// Stdout gets results and, in development, the banner; default os.Stdout.
	Stdout io.Writer
	// Stderr gets the log and errors; default os.Stderr.
	Stderr io.Writer
	// Signals delivers what should stop the process; default SIGINT and SIGTERM.
	Signals <-chan os.Signal
	// Dir is where the search for config.yml begins; default
	// BUILD_WORKING_DIRECTORY, which bazel run sets, or the working directory.
	Dir string
	// RunDir is where run files are kept; default the user's cache directory.
	RunDir string
	// Ready is called once, when the process is ready, with the URL of its admin
	// server; default nothing.
	Ready func(adminURL string)
}

func (o Options) withDefaults() Options {
	if o.Args == nil {
		o.Args = os.Args[1:]
	}
	if o.Program == "" {
		o.Program = os.Args[0]
	}
	if o.Environ == nil {
		o.Environ = func() []string { return nil }
		if o.Env == nil {
			o.Environ = os.Environ
		}
	}
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
	if o.Stdin == nil {
		o.Stdin = os.Stdin
	}
	if o.Stdout == nil {
		o.Stdout = os.Stdout
	}
	if o.Stderr == nil {
		o.Stderr = os.Stderr
	}
	if o.RunDir == "" {
		o.RunDir = runfile.DefaultDir()
	}
	if o.Ready == nil {
		o.Ready = func(string) {}
	}
	return o
}

// env is the value of a variable, empty when it is not set.
func (o Options) env(name string) string {
	value, _ := o.Env(name)
	return value
}

// dir is where relative paths of the user begin. bazel run starts a program in
// its runfiles, and says where the user was.
func (o Options) dir() (string, error) {
	if o.Dir != "" {
		return o.Dir, nil
	}
	if dir := o.env("BUILD_WORKING_DIRECTORY"); dir != "" {
		return dir, nil
	}
	return os.Getwd()
}

// signals gives the channel of signals, and a function that ends the delivery.
func (o Options) signals() (<-chan os.Signal, func()) {
	if o.Signals != nil {
		return o.Signals, func() {}
	}
	c := make(chan os.Signal, 2)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM)
	return c, func() { signal.Stop(c) }
}

// invoke is how the user starts the variant that runs again, for hints: a
// program that was built and run in one step has a path that is gone tomorrow.
func (o Options) invoke(variant string) string {
	built := strings.Contains(filepath.ToSlash(o.Program), "/go-build")
	if built || o.env("BUILD_WORKING_DIRECTORY") != "" {
		return o.invokeOther(variant)
	}
	return o.Program
}

// invokeOther is how the user starts a variant whose program may not be built.
func (o Options) invokeOther(variant string) string {
	if o.env("BUILD_WORKING_DIRECTORY") != "" {
		return "bazel run //orchestrator:" + variant + " --"
	}
	return "go run ./orchestrator/cmd/" + variant
}
