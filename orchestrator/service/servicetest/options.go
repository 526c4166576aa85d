package servicetest

import (
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

// Option adjusts how a service is run.
type Option func(*options)

type options struct {
	node        *bus.Node
	environment service.Environment
	plugins     plugin.Set
	settings    func(name string, into any) error
	without     map[string]bool
	probe       func(caller *bus.Bus) error
}

// On runs the service on a node of the test, which has the fakes of what it calls.
// Default: a node of its own, made by bustest.New.
func On(n *bus.Node) Option { return func(o *options) { o.node = n } }

// Settings is the section of the service in config.yml, in YAML, decoded as
// strictly as in a process: Settings("max_codes: 1"). Default: the service's
// defaults.
func Settings(section string) Option {
	return func(o *options) {
		o.settings = func(name string, into any) error {
			file, err := config.Parse("settings of the test", []byte(document(name, section)))
			if err != nil {
				return err
			}
			_, err = file.DecodeService(name, noVariables, into)
			return err
		}
	}
}

// Config changes the defaults of the service's settings; C is its Config. The
// result is validated like one that was read from a file.
func Config[C any](change func(*C)) Option {
	return func(o *options) {
		o.settings = func(name string, into any) error {
			c, ok := into.(*C)
			if !ok {
				return fmt.Errorf("the settings of %s are a %T, not a %T", name, into, c)
			}
			change(c)
			return validate(into)
		}
	}
}

// Plugins are the providers that are linked. Default: none.
func Plugins(linked ...plugin.Plugin) Option {
	return func(o *options) { o.plugins = linked }
}

// Production says that the process was started for production. Default:
// development.
func Production() Option {
	return func(o *options) { o.environment = service.Production }
}

// Without says that the test means to go without the named actions, such as
// "apps.execute": Start does not ask who serves them.
func Without(actions ...string) Option {
	return func(o *options) {
		for _, name := range actions {
			o.without[name] = true
		}
	}
}

// Probe is a call of the service that Lifecycle makes while it runs; it fails the
// test by its error. Start ignores it.
func Probe(call func(caller *bus.Bus) error) Option {
	return func(o *options) { o.probe = call }
}

func collect(opts []Option) *options {
	o := &options{
		environment: service.Development, plugins: plugin.Set{}, without: map[string]bool{},
		settings: func(_ string, into any) error { return validate(into) },
		probe:    func(*bus.Bus) error { return nil },
	}
	for _, f := range opts {
		f(o)
	}
	return o
}

// validate is what decoding does last.
func validate(into any) error {
	if v, ok := into.(interface{ Validate() error }); ok {
		return v.Validate()
	}
	return nil
}

func noVariables(string) (string, bool) { return "", false }

// document is a config.yml with one service in it.
func document(name, section string) string {
	lines := strings.Split(strings.TrimSpace(section), "\n")
	return "services:\n  " + name + ":\n    " + strings.Join(lines, "\n    ") + "\n"
}
