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

// Events is a prometheus.Collector over the counters of a bus's events. Make it with NewEvents.
type Events struct {
	source    EventSource
	emitted   *prometheus.Desc
	delivered *prometheus.Desc
	failed    *prometheus.Desc
	dropped   *prometheus.Desc
	queued    *prometheus.Desc
	duration  *prometheus.Desc
}

// NewEvents makes a collector that reads source once per scrape and costs nothing between scrapes.
func NewEvents(source EventSource, id Identity) *Events {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, id.labels())
	}
	return &Events{
		source:    source,
		emitted:   describe("bus_events_emitted_total", "Events that were emitted or broadcast in this process.", "service", "event"),
		delivered: describe("bus_events_delivered_total", "Events that a subscriber has handled, with whatever outcome.", "subscriber", "event"),
		failed:    describe("bus_events_failed_total", "Events whose handler returned an error or panicked; they are among the delivered ones.", "subscriber", "event"),
		dropped:   describe("bus_events_dropped_total", "Events that a subscriber did not get, by reason.", "subscriber", "event", "reason"),
		queued:    describe("bus_events_queued", "Events that were accepted and are not handled, the one being handled included.", "subscriber", "event"),
		duration:  describe("bus_event_duration_seconds", "How long handling the delivered events took.", "subscriber", "event"),
	}
}

// Describe sends the six descriptions.
func (e *Events) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{e.emitted, e.delivered, e.failed, e.dropped, e.queued, e.duration} {
		out <- d
	}
}

// Collect reads the counters and sends them, sorted.
func (e *Events) Collect(out chan<- prometheus.Metric) {
	stats := e.source.EventStats()
	for _, s := range stats.Emitted {
		out <- counter(e.emitted, s.Emitted, s.Service, s.Event)
	}
	for _, s := range stats.Subscribers {
		e.send(out, s)
	}
}

func (e *Events) send(out chan<- prometheus.Metric, s bus.SubscriberStats) {
	out <- counter(e.delivered, s.Delivered, s.Subscriber, s.Event)
	out <- counter(e.failed, s.Failed, s.Subscriber, s.Event)
	for reason, n := range s.Dropped {
		// Zeros but that of a full queue are left out: it is the one to alert on, and an alert needs a series.
		if n > 0 || bus.DropReason(reason) == bus.QueueFull {
			out <- counter(e.dropped, n, s.Subscriber, s.Event, bus.DropReason(reason).String())
		}
	}
	out <- prometheus.MustNewConstMetric(e.queued, prometheus.GaugeValue, float64(s.Queued), s.Subscriber, s.Event)
	below := make(map[float64]uint64, len(s.Duration.Buckets))
	for _, b := range s.Duration.Buckets {
		below[b.UpperBound] = b.Count
	}
	out <- prometheus.MustNewConstHistogram(e.duration, s.Duration.Count, s.Duration.Sum, below, s.Subscriber, s.Event)
}
