package bus

import (
	"context"
	"slices"
)

// Hold keeps calls to a service out: they get Unavailable, "has not started yet",
// until Release. Its subscriptions take no events; those that wait are dropped and
// counted. Services are open unless they are held.
func (n *Node) Hold(service string) {
	n.mu.Lock()
	n.presence(service).held = true
	for _, s := range n.seats {
		if s.service == service {
			s.gate.Or(held)
		}
	}
	var inlets []Inlet
	for _, l := range n.of(service) {
		inlets = append(inlets, n.silence(l)...)
	}
	n.mu.Unlock()
	n.stopAll(inlets)
}

// Release lets calls and events to a service in. On a node that was started it is also when
// other nodes learn of the service; the error is the transport's.
func (n *Node) Release(service string) error {
	n.mu.Lock()
	p := n.presence(service)
	p.held = false
	for _, s := range n.seats {
		if s.service == service {
			s.gate.And(^held)
		}
	}
	announce := n.started && n.transport != nil && p.handles > 0 && !p.served
	if announce {
		p.served = true
	}
	list := n.of(service)
	if n.stop.Load()&stopped == 0 {
		for _, l := range list {
			l.unlock(true)
		}
	}
	list = n.unlinked(list)
	n.mu.Unlock()
	if announce {
		if err := n.transport.Serve(service); err != nil {
			return err
		}
	}
	return n.listen(list)
}

// serves reports whether the node has a handler of the service.
func (n *Node) serves(service string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := n.services[service]
	return p != nil && p.handles > 0
}

// Start connects the transport and serves the services that are not held. A node
// without a transport needs no start, but is wired for good by it.
func (n *Node) Start(ctx context.Context) error {
	if n.transport != nil {
		if err := n.transport.Start(ctx, n); err != nil {
			return err
		}
	}
	services, listeners := n.startServing()
	if len(services) > 0 {
		if err := n.transport.Serve(services...); err != nil {
			return err
		}
	}
	return n.listen(listeners)
}

// startServing marks the open services as served and names them, with the
// subscriptions to events of other nodes.
func (n *Node) startServing() ([]string, []listener) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.started = true
	var open []string
	if n.transport == nil {
		return nil, nil
	}
	for name, p := range n.services {
		if p.handles > 0 && !p.held && !p.served {
			p.served = true
			open = append(open, name)
		}
	}
	return open, n.unlinked(slices.Clone(n.listeners))
}
