package bus

import (
	"log/slog"
	"slices"
)

// listener is a subscription without its type: what the node has to do with it.
type listener interface {
	key() subscriberKey
	at() string
	watches() bool
	interest() (Interest, bool)
	// The node's lock is held for the next four.
	link() bool
	linkTo(i Inlet)
	unlink() []Inlet
	lost() uint64

	unlock(released bool)
	refuse()
	cut() int
	busy() <-chan struct{}
	frameNow() *frame
	read() (account, int64)
}

// subscriberKey is whose counters they are.
type subscriberKey struct {
	owner string
	event string // or a pattern
}

func (s *subscription[T]) key() subscriberKey { return subscriberKey{s.owner, s.name} }
func (s *subscription[T]) at() string         { return s.position }
func (s *subscription[T]) watches() bool      { return s.contract == nil }

// interest is what to ask a carrier for, if there is anything.
func (s *subscription[T]) interest() (Interest, bool) {
	i := Interest{Service: s.owner, Event: s.name, All: s.watches(), Deliver: s.deliver}
	return i, s.watches() || !s.contract.event.local
}

// link reports whether the subscription still needs an inlet; it gets one now.
func (s *subscription[T]) link() bool {
	first := !s.linked
	s.linked = true
	return first
}

func (s *subscription[T]) linkTo(i Inlet) { s.inlets = append(s.inlets, i) }

// unlink gives the inlets up.
func (s *subscription[T]) unlink() []Inlet {
	if !s.linked {
		return nil
	}
	s.linked = false
	return s.inlets
}

// lost is what the inlets dropped.
func (s *subscription[T]) lost() (total uint64) {
	for _, i := range s.inlets {
		total += i.Dropped()
	}
	return total
}

func (s *subscription[T]) unlock(released bool) {
	s.opened = s.opened || released
	s.open()
}

// refuse keeps new events out, and lets those that wait be handled.
func (s *subscription[T]) refuse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut == accepting {
		s.shut = Stopping
	}
}

// cut keeps events out and drops those that wait.
func (s *subscription[T]) cut() int {
	if a, _ := s.read(); !s.opened && a.accepted == 0 {
		return s.close(NotStarted)
	}
	return s.close(Stopping)
}

// frameNow is the frame of the event being handled, nil if there is none.
func (s *subscription[T]) frameNow() *frame { return s.place.Load() }

// read gives the counters, and how many events were accepted and not yet handled.
func (s *subscription[T]) read() (account, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	queued := int64(s.waiting)
	if s.handling {
		queued++
	}
	return s.account, queued
}

// join makes a subscription known to the node. The lock is held.
func (n *Node) join(l listener) {
	n.listeners = append(n.listeners, l)
	if n.stop.Load()&stopped == 0 && !n.presence(l.key().owner).held {
		l.unlock(false)
	}
}

// of are the listeners of a service. The lock is held.
func (n *Node) of(service string) []listener {
	return slices.DeleteFunc(slices.Clone(n.listeners), func(l listener) bool { return l.key().owner != service })
}

// unlinked are those of the list that get an inlet now. The lock is held.
func (n *Node) unlinked(list []listener) []listener {
	if !n.started || n.carrier == nil {
		return nil
	}
	return slices.DeleteFunc(list, func(l listener) bool {
		_, interested := l.interest()
		return !interested || n.presence(l.key().owner).held || !l.link()
	})
}

// listen gets inlets for the list. The lock is not held: the carrier may wait for
// its server.
func (n *Node) listen(list []listener) error {
	for _, l := range list {
		i, _ := l.interest()
		inlet, err := n.carrier.Subscribe(i)
		if err != nil {
			return err
		}
		n.mu.Lock()
		l.linkTo(inlet)
		n.mu.Unlock()
	}
	return nil
}

// silence shuts a listener and drops what waits for it. The lock is held; the
// inlets are the caller's to stop without it.
func (n *Node) silence(l listener) []Inlet {
	if dropped := l.cut(); dropped > 0 {
		n.logger.Warn("events were dropped because their subscriber stops",
			slog.String("service", l.key().owner), slog.String("event", l.key().event), slog.Int("events", dropped))
	}
	return l.unlink()
}

// stopAll ends inlets; one that fails is gone already, with its connection.
func (n *Node) stopAll(inlets []Inlet) {
	for _, i := range inlets {
		if err := i.Stop(); err != nil {
			n.logger.Debug("a subscription to events was not ended cleanly", slog.Any("error", err))
		}
	}
}
