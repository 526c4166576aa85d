package process

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

// Program is what was linked, and the surroundings that it runs in. Every field is
// required; package orchestrator knows the defaults.
type Program struct {
	// ManifestJSON is the manifest as embedded, Manifest what it says.
	ManifestJSON []byte
	Manifest     manifest.Manifest
	// Services are the linked services in start order.
	Services   []service.Definition
	Plugins    []plugin.Plugin
	Transports []bus.Transporter

	// Begun is when the program was started.
	Begun time.Time
	// Invoke is how the user starts this program again, InvokeOther how another
	// variant, for hints.
	Invoke      string
	InvokeOther func(variant string) string
	// Env looks an environment variable up.
	Env func(name string) (string, bool)
	// Dir is where relative paths of the user begin, Resolve makes a path absolute.
	Dir     func() (string, error)
	Resolve func(path string) (string, error)
	// RunDir is where run files are kept.
	RunDir string
	// Stdout gets the banner, Stderr the log and errors.
	Stdout, Stderr io.Writer
	// Signals begins the delivery of what should stop the process, and gives a
	// function that ends it.
	Signals func() (<-chan os.Signal, func())
	// Ready is called once, when the process is ready.
	Ready func(adminURL string)

	// own says that the output is the process's own, so that all of it may be taken
	// care of.
	own bool
}

// env is the value of a variable, empty when it is not set.
func (in *Program) env(name string) string {
	value, _ := in.Env(name)
	return value
}

// Names lists names as a sentence does.
func Names(all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}
