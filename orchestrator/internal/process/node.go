package process

import (
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// busOptions are what the process's node is made of: the transport that the
// settings ask for, and what the services bring to look at calls.
func (p *process) busOptions() (bus.Options, error) {
	s := p.plan.settings
	transport, err := p.open(p.plan, p.machinery)
	if err != nil {
		return bus.Options{}, err
	}
	o := bus.Options{
		Transport: transport, Logger: p.machinery, NodeID: p.id,
		Strict: s.Strict, Share: !s.PreferLocal,
	}
	err = p.plan.observe(&o)
	return o, err
}

// observe adds the observers and the propagator of the services that run.
func (p Plan) observe(o *bus.Options) error {
	from := ""
	for _, d := range p.services {
		o.Observers = append(o.Observers, d.Observers()...)
		if d.Propagator() == nil {
			continue
		}
		if from != "" {
			return fmt.Errorf("the services %s and %s both bring a propagator of traces, and a process has one: select one of them", from, d.Name)
		}
		o.Propagator, from = d.Propagator(), d.Name
	}
	return nil
}
