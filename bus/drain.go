package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// What a node's stop says.
const (
	draining uint32 = 1 << iota // new roots are refused
	stopped                     // every call is refused
)

// DrainError says which calls were still in flight when the time for Drain was over.
type DrainError struct {
	Cut []CallInfo // the oldest first

	cause error
}

// Error names the calls with their age.
func (e *DrainError) Error() string {
	names := make([]string, len(e.Cut))
	for i, c := range e.Cut {
		names[i] = fmt.Sprintf("%s called by %s (request %s) after %s",
			c.Action, c.Caller, c.RequestID, c.Age.Round(time.Millisecond))
	}
	return fmt.Sprintf("%d calls were still in flight: %s", len(e.Cut), strings.Join(names, ", "))
}

// Unwrap is why Drain stopped waiting: the error of its context.
func (e *DrainError) Unwrap() error { return e.cause }

// admit lists a root. The list comes before the look at the flag, and Drain sets
// the flag before it looks at the list: whichever is first, a root is either
// refused or waited for.
func (n *Node) admit(c *call) error {
	n.roots.add(c.frame, c.near)
	if n.stop.Load()&draining != 0 && !c.admitted {
		return c.edge.fail(Unavailable, c.edge.slot.name+" cannot be called: the node is stopping and takes no new calls")
	}
	return nil
}

// left tells Drain, if it waits, that a frame has ended.
func (n *Node) left() {
	if n.stop.Load()&draining != 0 {
		n.pulse.beat()
	}
}

// Drain ends the calls of this node without cutting one: the transport serves what
// it was sent and takes no more; then new root calls are refused with Unavailable,
// while calls that belong to one in flight are still served, and those of
// WhileDraining; then Drain waits until none is in flight. When ctx ends first the
// error is a *DrainError, joined with the transport's if it failed too.
func (n *Node) Drain(ctx context.Context) error {
	var failed error
	if n.transport != nil {
		failed = n.transport.Drain(ctx)
	}
	n.stop.Or(draining)
	for {
		beat := n.pulse.next()
		if n.roots.empty() {
			return failed
		}
		select {
		case <-beat:
		case <-ctx.Done():
			if cut := n.InFlight(); len(cut) > 0 {
				return errors.Join(failed, &DrainError{Cut: cut, cause: ctx.Err()})
			}
			return failed
		}
	}
}

// Close ends the node: every later call is Unavailable, nested ones too. It does
// not wait for calls in flight; that is Drain. The error is the transport's.
func (n *Node) Close(ctx context.Context) error {
	n.mu.Lock()
	already := n.stop.Load()&stopped != 0
	n.stop.Or(draining | stopped)
	for _, s := range n.slots {
		s.gate.Or(shut)
	}
	n.mu.Unlock()
	if already || n.transport == nil {
		return nil
	}
	return n.transport.Close(ctx)
}

// pulse wakes all who wait for the next beat.
type pulse struct {
	mu sync.Mutex
	ch chan struct{}
}

func (p *pulse) next() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ch == nil {
		p.ch = make(chan struct{})
	}
	return p.ch
}

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ch != nil {
		close(p.ch)
		p.ch = nil
	}
}
