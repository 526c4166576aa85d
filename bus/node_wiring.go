package bus

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
)

// Check returns all mistakes in how actions and events were declared, handled and
// subscribed to, joined: malformed names, names with different types, second
// handlers and subscriptions, handlers in a view that does not own the action,
// types that cannot cross the bus, policies that cannot work. A process calls it
// once after everything is wired, before it starts.
func (n *Node) Check() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := slices.Clone(n.mistakes)
	for _, name := range slices.Sorted(maps.Keys(n.seats)) {
		all = append(all, n.seats[name].contract.misuses()...)
	}
	return errors.Join(all...)
}

// mistake keeps a wiring mistake; nil is none.
func (n *Node) mistake(err error) {
	if err == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.mistakes = append(n.mistakes, err)
}

// connect finds or makes the edge from b to the action of c, by its name.
func (n *Node) connect(b *Bus, c *contract) *edge {
	n.mu.Lock()
	defer n.mu.Unlock()
	e := n.edgeOf(edgeKey{n.seat(c), b.owner, b.way})
	b.keep(c, e)
	return e
}

// edgeOf finds an edge or makes it. The lock is held.
func (n *Node) edgeOf(key edgeKey) *edge {
	e := n.edges[key]
	if e == nil { // else another value of the same name was first
		e = &edge{node: n, seat: key.seat, caller: key.caller, way: key.way}
		e.counters.Init()
		n.edges[key] = e
	}
	return e
}

// seat is the one seat of the name of c. The lock is held.
func (n *Node) seat(c *contract) *seat {
	table := n.seats
	if c.event != nil {
		table = n.topics
	}
	s := table[c.name]
	if s == nil {
		if err := c.nameProblem(); err != nil {
			n.mistakes = append(n.mistakes, err)
		}
		s = newSeat(c)
		if a, ok := s.target.(interface{ mistake() error }); ok && a.mistake() != nil {
			n.mistakes = append(n.mistakes, a.mistake())
		}
		n.open(s)
		n.watch(s)
		table[c.name] = s
		return s
	}
	if s.contract.sameTypes(c) {
		return s
	}
	return n.oddSeat(s, c)
}

// oddSeat is where a declaration ends up whose types are not those of s. Calls
// through it fail. The lock is held.
func (n *Node) oddSeat(s *seat, c *contract) *seat {
	if odd := n.odd[c]; odd != nil {
		return odd
	}
	n.mistakes = append(n.mistakes, fmt.Errorf("%s is declared with different types: %s at %s and %s at %s",
		c.name, s.contract.signature(), s.contract.position, c.signature(), c.position))
	odd := newSeat(c) // hears nothing, if it is an event's
	odd.gate.Or(mismatched)
	n.odd[c] = odd
	return odd
}

// open sets the gate of a new seat to what holds for its service. The lock is held.
func (n *Node) open(s *seat) {
	if s.contract.event == nil && n.presence(s.service).held {
		s.gate.Or(held)
	}
	if n.stop.Load()&stopped != 0 {
		s.gate.Or(shut)
	}
}

func (n *Node) presence(service string) *presence {
	p := n.services[service]
	if p == nil {
		p = &presence{}
		n.services[service] = p
	}
	return p
}

// register puts a handler into its seat.
func (n *Node) register(c *contract, b *Bus, target any, position string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.seat(c)
	if err := handleMistake(c, s, b, target, position); err != nil {
		n.mistakes = append(n.mistakes, err)
		return
	}
	if n.started && !n.presence(c.service).held || n.stop.Load() != 0 { // other nodes know already what is served
		err := fmt.Errorf("%s: the service %s handles %s after it was opened: nobody would reach it, handle it where the service is constructed",
			position, b.owner, c.name)
		n.logger.Error("a handler has no effect", slog.Any("error", err))
		n.mistakes = append(n.mistakes, err)
		return
	}
	n.wrap(s, target, position)
	s.serveWith(c, target, position)
	n.presence(c.service).handles++
}

// handleMistake is what is wrong about handling c in b, nil if nothing is.
func handleMistake(c *contract, s *seat, b *Bus, target any, position string) error {
	switch {
	case b.owner != c.service:
		return fmt.Errorf("%s: the service %s handles %s, which belongs to the service %s",
			position, b.owner, c.name, c.service)
	case target == nil:
		return fmt.Errorf("%s: the handler of %s is nil", position, c.name)
	case s.gate.Load()&mismatched != 0:
		return nil // reported by seat; the handler cannot be called
	case s.handled():
		return fmt.Errorf("%s has two handlers: %s at %s and %s at %s",
			c.name, s.service, s.owner, b.owner, position)
	}
	return c.exampleMistake("example request")
}
