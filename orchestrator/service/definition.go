package service

import (
	"reflect"
	"time"

	"go.uber.org/fx"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
)

// Environment is what a process was started for.
type Environment string

// The two environments; NODE_ENV decides, and development is the default.
const (
	Development Environment = "development"
	Production  Environment = "production"
)

// Default budgets of a service's Start and Stop.
const (
	DefaultStartBudget = lifecycle.DefaultStartBudget
	DefaultStopBudget  = lifecycle.DefaultStopBudget
)

// Definition is a service as a process runs it: an fx module that knows its
// name. It is made by Module; its mistakes are reported when the process starts.
type Definition struct {
	fx.Option
	// Name is the service's one name: folder, bus prefix, settings key, metric
	// label and log attribute.
	Name string

	spec spec
}

// Source is the file that the constructor is in, as the compiler recorded it, for
// tools that read along; empty when it is not known.
func (d Definition) Source() string { return d.spec.source }

// StopBudget is how long the service's stop may take.
func (d Definition) StopBudget() time.Duration { return d.spec.budgets.OrDefault().Stop }

// spec is what the options of Module say.
type spec struct {
	source    string
	budgets   lifecycle.Budgets
	configure func(decode func(into any) error) (any, error)
	settings  reflect.Type // of the Config; nil when the service has no settings
	// observers and propagator are for the bus of the process.
	observers  []bus.Observer
	propagator bus.Propagator
}

// Option adjusts a module.
type Option func(*spec)

// StartBudget bounds the service's Start. The default is 10 s.
func StartBudget(d time.Duration) Option { return func(s *spec) { s.budgets.Start = d } }

// StopBudget bounds the service's Stop together with the end of its goroutines.
// The default is 5 s.
func StopBudget(d time.Duration) Option { return func(s *spec) { s.budgets.Stop = d } }

// Config gives the field of the type C in the constructor's Params a value: the defaults,
// overlaid with the section services.<name> of config.yml. The section is
// decoded strictly; a key that C does not have is an error with its position. If
// *C has the method Validate() error it is called after that, and that of [Checker] then. The mistakes of all
// services are reported together, before any of them is constructed. See
// config.File.DecodeService for how keys and fields go together.
func Config[C any](defaults func() C) Option {
	return func(s *spec) {
		s.configure = func(decode func(into any) error) (any, error) {
			c := defaults()
			err := decode(&c)
			return c, err
		}
		s.settings = reflect.TypeFor[C]()
	}
}

// Configure makes the settings of the service: decode is given a pointer to the
// defaults and overlays them with what is configured. A service that has no
// settings decodes into an empty struct, so that settings given to it are still
// noticed. It is called by the process, once, before anything is constructed.
func (d Definition) Configure(decode func(into any) error) (any, error) {
	if d.spec.configure == nil {
		return nil, decode(&struct{}{})
	}
	return d.spec.configure(decode)
}
