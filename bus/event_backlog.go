package bus

import (
	"cmp"
	"context"
	"slices"
)

// EventBacklog is how many events waited for a subscriber.
type EventBacklog struct {
	Subscriber string
	Event      string // or a watcher's pattern
	Waiting    int64  // the one being handled is not among them; it is in the list of calls
}

// Settle keeps new events from a service and waits until those that it has accepted
// are handled. It is for the time between Drain and the stop of the service; Hold
// drops what is left. When ctx ends first the error is a *DrainError.
func (n *Node) Settle(ctx context.Context, service string) error {
	n.mu.Lock()
	list := n.of(service)
	n.mu.Unlock()
	for _, l := range list {
		l.refuse()
	}
	for _, l := range list {
		for idle := l.busy(); idle != nil; idle = l.busy() {
			select {
			case <-idle:
			case <-ctx.Done():
				return &DrainError{Events: backlog(list), cause: ctx.Err()}
			}
		}
	}
	return nil
}

// all are the listeners of the node.
func (n *Node) all() []listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.listeners)
}

// backlog is what waits for the listeners, those with the most first.
func backlog(list []listener) []EventBacklog {
	var left []EventBacklog
	for _, l := range list {
		_, queued := l.read()
		if l.frameNow() != nil {
			queued--
		}
		if queued > 0 {
			left = append(left, EventBacklog{Subscriber: l.key().owner, Event: l.key().event, Waiting: queued})
		}
	}
	slices.SortStableFunc(left, func(a, b EventBacklog) int { return cmp.Compare(b.Waiting, a.Waiting) })
	return left
}

// unsettled is what to wait for until there is nothing in flight; nil when there is
// nothing. It has to look twice: a handler may have emitted, to a queue that was
// empty before, and ended since.
func (n *Node) unsettled() <-chan struct{} {
	list := n.all()
	for {
		before := accepted(list)
		beat := n.pulse.next()
		if !n.roots.empty() {
			return beat
		}
		for _, l := range list {
			if idle := l.busy(); idle != nil {
				return idle
			}
		}
		if accepted(list) == before {
			return nil
		}
	}
}

// accepted is how many events the listeners have ever queued.
func accepted(list []listener) (total uint64) {
	for _, l := range list {
		a, _ := l.read()
		total += a.accepted
	}
	return total
}
