package service

import "github.com/shopanaio/orchestrator/bus"

// Observe makes o an observer of every call in the process, whichever service makes
// it, as long as this service is among those that run. Observers of services act in
// start order. The value exists before anything is constructed: what it needs from
// the service, such as an exporter, comes to it later, by Start.
func Observe(o bus.Observer) Option {
	return func(s *spec) { s.observers = append(s.observers, o) }
}

// Propagate carries traces between this process and others by p. A process has one
// propagator: a second service that brings another ends the start.
func Propagate(p bus.Propagator) Option {
	return func(s *spec) { s.propagator = p }
}

// Observers are what Observe gave, for the process that runs the service.
func (d Definition) Observers() []bus.Observer { return d.spec.observers }

// Propagator is what Propagate gave, nil for most services.
func (d Definition) Propagator() bus.Propagator { return d.spec.propagator }
