package orchestrator

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator/internal/process"
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
	// Signals delivers what should stop the process; default SIGINT, SIGTERM and SIGHUP.
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
	o.Program = cmp.Or(o.Program, os.Args[0])
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
	o.RunDir = cmp.Or(o.RunDir, runfile.DefaultDir())
	if o.Ready == nil {
		o.Ready = func(string) {}
	}
	return o
}

// program is what the life of a process needs of the binary and of its surroundings.
func (o Options) program(b Binary, m manifest.Manifest, begun time.Time) process.Program {
	return process.Program{
		ManifestJSON: b.Manifest, Manifest: m, Services: b.Services, Plugins: b.Plugins, Transports: b.Transports,
		Begun: begun, Invoke: o.invoke(m.Variant), InvokeOther: o.invokeOther,
		Env: o.Env, Environ: o.Environ, Dir: o.dir, Resolve: o.resolve, RunDir: o.RunDir, Stdout: o.Stdout, Stderr: o.Stderr,
		Signals: o.signals, Ready: o.Ready,
	}
}

// env is the value of a variable, empty when it is not set.
func (o Options) env(name string) string {
	value, _ := o.Env(name)
	return value
}

// resolve is an absolute path of one that the user gave. Only a relative one needs a
// working directory that exists.
func (o Options) resolve(path string) (string, error) {
	if filepath.IsAbs(path) {
		return path, nil
	}
	dir, err := o.dir()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	return filepath.Join(dir, path), nil
}

// dir is where relative paths of the user begin. bazel run starts a program in
// its runfiles, and says where the user was.
func (o Options) dir() (string, error) {
	if o.Dir != "" {
		return o.Dir, nil
	}
	return config.WorkingDir(o.Env)
}

// signals gives the channel of signals, and a function that ends the delivery. A
// terminal that closes stops the process like the other two, unless it was started
// to outlive it, by nohup. A reader of the output that has gone is no reason to end:
// without a word about SIGPIPE the next line would, also the last one.
func (o Options) signals() (<-chan os.Signal, func()) {
	if o.Signals != nil {
		return o.Signals, func() {}
	}
	c := make(chan os.Signal, 2)
	wanted := []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		wanted = append(wanted, syscall.SIGHUP)
	}
	signal.Notify(c, wanted...)
	signal.Ignore(syscall.SIGPIPE)
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
