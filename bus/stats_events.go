package bus

import (
	"cmp"
	"maps"
	"slices"

	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// EventStats counts the events of a node, exactly.
type EventStats struct {
	Emitted     []EmittedStats    // one for each event that was ever emitted or subscribed to here, sorted
	Subscribers []SubscriberStats // one for each subscription and each watcher's pattern, sorted
}

// EmittedStats is how often an event was emitted in this node, or broadcast.
type EmittedStats struct {
	Service string
	Event   string
	Emitted uint64
}

// SubscriberStats is what became of one event in the queue of one subscriber. What
// was accepted or dropped is all that reached this node; what was delivered or is
// queued is all that was accepted, but for what was dropped as Stopping.
type SubscriberStats struct {
	Subscriber string // the service
	Event      string // or a watcher's pattern
	Queued     int64  // accepted and not yet handled, the one being handled included
	Delivered  uint64 // handled, with whatever outcome
	Failed     uint64 // among these: the handler returned an error or panicked
	Panics     uint64 // among those
	Dropped    [NumDropReasons]uint64
	Duration   Histogram // of the handler
}

// EventStats reads the counters of events.
func (n *Node) EventStats() EventStats {
	n.mu.Lock()
	defer n.mu.Unlock()
	emitted := map[*seat]uint64{}
	for _, s := range n.topics {
		emitted[s] = 0
	}
	for _, e := range n.edges {
		if e.seat.contract.event != nil && e.seat.gate.Load()&mismatched == 0 {
			emitted[e.seat] += e.counters.Started()
		}
	}
	stats := EventStats{Subscribers: n.subscribed()}
	for s, count := range emitted {
		stats.Emitted = append(stats.Emitted, EmittedStats{Service: s.service, Event: s.name, Emitted: count})
	}
	slices.SortFunc(stats.Emitted, func(a, b EmittedStats) int { return cmp.Compare(a.Event, b.Event) })
	return stats
}

// subscribed adds up who shares a name. The lock is held.
func (n *Node) subscribed() []SubscriberStats {
	totals := map[subscriberKey]ledger{}
	maps.Copy(totals, n.retired)
	for _, l := range n.listeners {
		totals[l.key()] = totals[l.key()].with(l)
	}
	list := make([]SubscriberStats, 0, len(totals))
	for key, l := range totals {
		list = append(list, SubscriberStats{
			Subscriber: key.owner, Event: key.event, Queued: l.queued,
			Delivered: l.delivered, Failed: l.failed, Panics: l.panics, Dropped: l.dropped,
			Duration: newHistogram(l.hits[:counters.Buckets], l.delivered, l.nanos),
		})
	}
	slices.SortFunc(list, func(a, b SubscriberStats) int {
		return cmp.Or(cmp.Compare(a.Event, b.Event), cmp.Compare(a.Subscriber, b.Subscriber))
	})
	return list
}

// ledger is the sum of accounts.
type ledger struct {
	account

	queued int64
}

// with adds a listener's. The node's lock is held.
func (l ledger) with(of listener) ledger {
	a, queued := of.read()
	a.dropped[SlowConsumer] += of.lost()
	l.queued += queued
	l.accepted += a.accepted
	l.delivered += a.delivered
	l.failed += a.failed
	l.panics += a.panics
	l.nanos += a.nanos
	for i, count := range a.dropped {
		l.dropped[i] += count
	}
	for i, count := range a.hits {
		l.hits[i] += count
	}
	return l
}

// retire keeps what a listener counted. The lock is held.
func (n *Node) retire(l listener) {
	sum := n.retired[l.key()].with(l)
	sum.queued = 0
	n.retired[l.key()] = sum
}
