package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/shopanaio/orchestrator/bus"
)

// EventSource is where NewEvents finds the counters; *bus.Node is one.
type EventSource interface {
	// EventStats returns the counters of every event and every subscriber.
	EventStats() bus.EventStats
}

// NewEvents makes a collector of the counters of a bus's events, sorted.
func NewEvents(source EventSource, id Identity) prometheus.Collector {
	c := &collector{constant: id.labels()}
	emitted := c.describe("bus_events_emitted_total", "Events that were emitted or broadcast in this process.", "service", "event")
	delivered := c.describe("bus_events_delivered_total", "Events that a subscriber has handled, with whatever outcome.", "subscriber", "event")
	failed := c.describe("bus_events_failed_total", "Events whose handler returned an error or panicked; they are among the delivered ones.", "subscriber", "event")
	dropped := c.describe("bus_events_dropped_total", "Events that a subscriber did not get, by reason.", "subscriber", "event", "reason")
	queued := c.describe("bus_events_queued", "Events that were accepted and are not handled, the one being handled included.", "subscriber", "event")
	duration := c.describe("bus_event_duration_seconds", "How long handling the delivered events took.", "subscriber", "event")
	c.read = func(out sink) {
		stats := source.EventStats()
		for _, s := range stats.Emitted {
			out.counter(emitted, s.Emitted, s.Service, s.Event)
		}
		for _, s := range stats.Subscribers {
			out.counter(delivered, s.Delivered, s.Subscriber, s.Event)
			out.counter(failed, s.Failed, s.Subscriber, s.Event)
			for reason, n := range s.Dropped {
				// Zeros but that of a full queue are left out: it is the one to alert on, and an alert needs a series.
				if n > 0 || bus.DropReason(reason) == bus.QueueFull {
					out.counter(dropped, n, s.Subscriber, s.Event, bus.DropReason(reason).String())
				}
			}
			out.gauge(queued, float64(s.Queued), s.Subscriber, s.Event)
			below := make(map[float64]uint64, len(s.Duration.Buckets))
			for _, b := range s.Duration.Buckets {
				below[b.UpperBound] = b.Count
			}
			out <- prometheus.MustNewConstHistogram(duration, s.Duration.Count, s.Duration.Sum, below, s.Subscriber, s.Event)
		}
	}
	return c
}
