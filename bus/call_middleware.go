package bus

import (
	"context"
	"fmt"
)

// Handler is what serves an action.
type Handler[Req, Res any] func(ctx context.Context, req Req) (Res, error)

// Use puts middleware around the handler of a, in the node of b. It acts where the
// action is served, for callers from here and from other processes: after the
// request was copied, and before the response is. The first of the list acts
// first, and what an earlier Use gave acts before what a later one gives.
//
// Use is wiring like Handle, before or after it, by the service that owns the
// action. A view that is not the action's service, a nil middleware, and a Use
// after the node was started or the action called are wiring mistakes, which
// Node.Check returns. Each mw is called once, when handler and middleware are there, and
// must not call the bus then; the handlers they return may.
func (a *Action[Req, Res]) Use(b *Bus, mw ...func(next Handler[Req, Res]) Handler[Req, Res]) {
	chain := make([]any, len(mw))
	for i, m := range mw {
		if m != nil {
			chain[i] = m
		}
	}
	b.node.use(a.contract, b, chain, caller(1))
}

// wrap puts the middleware around the service's own handler. The error says which of it
// cannot be put there.
func (t *target[Req, Res]) wrap(chain []any) (err error) {
	t.handle = t.own
	i := len(chain)
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("middleware %d panics instead of giving a handler: %v", i+1, cause)
		}
	}()
	for i--; i >= 0; i-- {
		around := chain[i].(func(Handler[Req, Res]) Handler[Req, Res])(t.handle)
		if around == nil {
			return fmt.Errorf("middleware %d gives no handler", i+1)
		}
		t.handle = around
	}
	return nil
}

// wrapped is a *target of any types.
type wrapped interface{ wrap(chain []any) error }

// use keeps the middleware of an action, and puts it around the handler if that is
// there already.
func (n *Node) use(c *contract, b *Bus, chain []any, position string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.seat(c)
	if err := n.useMistake(c, s, b, chain, position); err != nil {
		n.mistakes = append(n.mistakes, err)
		return
	}
	if s.gate.Load()&mismatched != 0 {
		return // reported by seat
	}
	s.chain = append(s.chain, chain...)
	if s.handled() {
		n.wrap(s, s.target, position)
	}
}

// wrap puts the middleware of s around a handler. The lock is held.
func (n *Node) wrap(s *seat, target any, position string) {
	if err := target.(wrapped).wrap(s.chain); err != nil {
		n.mistakes = append(n.mistakes, fmt.Errorf("%s: %s: %w", position, s.name, err))
	}
}

// useMistake is what is wrong about a Use, nil if nothing is. The lock is held.
func (n *Node) useMistake(c *contract, s *seat, b *Bus, chain []any, position string) error {
	if b.owner != c.service {
		return fmt.Errorf("%s: the service %s puts middleware around %s, which belongs to the service %s",
			position, b.owner, c.name, c.service)
	}
	for i, m := range chain {
		if m == nil {
			return fmt.Errorf("%s: middleware %d of %s is nil", position, i+1, c.name)
		}
	}
	if n.started || n.called(s) {
		return fmt.Errorf("%s: middleware of %s comes too late: the node was started, or the action called, before; use it where the action is handled",
			position, c.name)
	}
	return nil
}

// called reports whether anybody has called the action of s. The lock is held.
func (n *Node) called(s *seat) bool {
	for key := range n.edges {
		if key.seat == s {
			return true
		}
	}
	return false
}
