package bus

import "context"

// Hold keeps calls to a service out: they get Unavailable, "has not started yet",
// until Release. Services are open unless they are held.
func (n *Node) Hold(service string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.presence(service).held = true
	for _, s := range n.slots {
		if s.service == service {
			s.gate.Or(held)
		}
	}
}

// Release lets calls to a service in. On a node that was started it is also when
// other nodes learn of the service; the error is the transport's.
func (n *Node) Release(service string) error {
	n.mu.Lock()
	p := n.presence(service)
	p.held = false
	for _, s := range n.slots {
		if s.service == service {
			s.gate.And(^held)
		}
	}
	announce := n.started && n.transport != nil && p.handles > 0 && !p.served
	if announce {
		p.served = true
	}
	n.mu.Unlock()
	if !announce {
		return nil
	}
	return n.transport.Serve(service)
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
	if n.transport == nil {
		n.startServing()
		return nil
	}
	if err := n.transport.Start(ctx, n); err != nil {
		return err
	}
	for _, service := range n.startServing() {
		if err := n.transport.Serve(service); err != nil {
			return err
		}
	}
	return nil
}

// startServing marks the open services as served, and names them.
func (n *Node) startServing() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.started = true
	var open []string
	for name, p := range n.services {
		if p.handles > 0 && !p.held && !p.served {
			p.served = true
			open = append(open, name)
		}
	}
	return open
}
