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

// DrainError says which calls and events were still in flight when the time for
// Drain was over.
type DrainError struct {
	Cut    []CallInfo     // the oldest first; events that are being handled are among them
	Events []EventBacklog // events that wait, the longest queue first

	cause error
}

// Error names the calls with their age, and the subscribers with their queues.
func (e *DrainError) Error() string {
	var parts []string
	if len(e.Cut) > 0 {
		parts = append(parts, e.calls())
	}
	for _, b := range e.Events {
		parts = append(parts, fmt.Sprintf("%s still waiting for %s", were(int(b.Waiting), "event", " "+b.Event), b.Subscriber))
	}
	return strings.Join(parts, "; ")
}

func (e *DrainError) calls() string {
	names := make([]string, len(e.Cut))
	for i, c := range e.Cut {
		names[i] = fmt.Sprintf("%s called by %s (request %s) after %s",
			c.Action, c.Caller, c.RequestID, c.Age.Round(time.Millisecond))
	}
	return fmt.Sprintf("%s still in flight: %s", were(len(e.Cut), "call", ""), strings.Join(names, ", "))
}

// were is "1 call was" or "2 calls were", with what the noun is followed by.
func were(n int, noun, rest string) string {
	if n == 1 {
		return "1 " + noun + rest + " was"
	}
	return fmt.Sprintf("%d %ss%s were", n, noun, rest)
}

// Unwrap is why Drain stopped waiting: the error of its context.
func (e *DrainError) Unwrap() error { return e.cause }

// admit lists a root. The list comes before the look at the flag, and Drain sets
// the flag before it looks at the list: whichever is first, a root is either
// refused or waited for.
func (n *Node) admit(c *call) error {
	n.roots.add(c.frame, int(c.near))
	if n.stop.Load()&draining != 0 && !c.admitted {
		return c.edge.fail(Unavailable, c.edge.seat.name+" cannot be called: the node is stopping and takes no new calls")
	}
	return nil
}

// left wakes Drain, if it waits, because a frame has ended.
func (n *Node) left() {
	if n.stop.Load()&draining != 0 {
		n.pulse.beat()
	}
}

// Drain ends the calls of this node without cutting one: the transport serves what
// it was sent and takes no more; then new root calls are refused with Unavailable,
// while calls that belong to one in flight are still served, and those of
// WhileDraining; then Drain waits until none is in flight. Events are treated like
// calls: new ones are refused, those that were accepted are handled, and so are
// those that their handlers emit. When ctx ends first the error is a *DrainError,
// joined with the transport's if it failed too, and what it names is canceled.
func (n *Node) Drain(ctx context.Context) error {
	var failed error
	if n.transport != nil {
		failed = n.transport.Drain(ctx)
	}
	n.stop.Or(draining)
	for {
		change := n.unsettled()
		if change == nil {
			return failed
		}
		select {
		case <-change:
		case <-ctx.Done():
			left := &DrainError{Cut: n.InFlight(), Events: backlog(n.all()), cause: ctx.Err()}
			n.cut()
			if len(left.Cut)+len(left.Events) > 0 {
				return errors.Join(failed, left)
			}
			return failed
		}
	}
}

// Close ends the node: every later call is Unavailable, nested ones too, and so is
// every later event; events that wait are dropped and counted, and what is in flight is
// canceled. It does not wait for that; Drain does. The error is the transport's.
func (n *Node) Close(ctx context.Context) error {
	n.mu.Lock()
	already := n.stop.Load()&stopped != 0
	n.stop.Or(draining | stopped)
	for _, s := range n.seats {
		s.gate.Or(shut)
	}
	for _, s := range n.topics {
		s.gate.Or(shut)
	}
	for _, l := range n.listeners {
		n.silence(l) // the inlets end with the transport
	}
	n.mu.Unlock()
	n.cut()
	if already || n.transport == nil {
		return nil
	}
	return n.transport.Close(ctx)
}

// cut cancels the calls in flight, and the handlers of events.
func (n *Node) cut() {
	for _, f := range n.frames() {
		f.cut()
	}
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
