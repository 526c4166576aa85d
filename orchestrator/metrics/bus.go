package metrics

import (
	"cmp"
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/shopanaio/orchestrator/bus"
)

// Source is where NewBus finds the counters; *bus.Node is one.
type Source interface {
	// Stats returns the counters of every (caller, action) that was ever used.
	Stats() []bus.EdgeStats
}

// Identity names the process in every bus metric, so that the series of several processes can be told apart and summed
// where they meet. An empty field gives no label.
type Identity struct {
	Namespace string // what the processes that talk to each other have in common
	Node      string // this process; keep it stable over restarts where you can, each new value is a new set of series
}

func (id Identity) labels() prometheus.Labels {
	labels := prometheus.Labels{"namespace": id.Namespace, "node": id.Node}
	maps.DeleteFunc(labels, func(_, value string) bool { return value == "" })
	return labels
}

// Bus is a prometheus.Collector over the counters of a bus. Make it with NewBus.
type Bus struct {
	source   Source
	requests *prometheus.Desc
	duration *prometheus.Desc
	inFlight *prometheus.Desc
	edges    *prometheus.Desc
	panics   *prometheus.Desc
	unknown  *prometheus.Desc
}

// NewBus makes a collector that reads source once per scrape and costs nothing between scrapes.
func NewBus(source Source, id Identity) *Bus {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, id.labels())
	}
	return &Bus{
		source:   source,
		requests: describe("bus_requests_total", "Calls that ended, by the code they ended with.", "side", "service", "action", "code"),
		duration: describe("bus_request_duration_seconds", "How long the calls that ended took.", "side", "service", "action"),
		inFlight: describe("bus_requests_in_flight", "Calls that have begun and not ended.", "side", "service", "action"),
		edges:    describe("bus_edge_requests_total", "Calls that ended, by who called.", "side", "caller", "service", "action"),
		panics:   describe("bus_panics_total", "Calls whose handler panicked; they are among the calls that ended with code internal.", "side", "service", "action"),
		unknown:  describe("bus_unknown_fields_total", "Messages from other processes with fields that the contract here does not have; the fields were ignored.", "side", "service", "action"),
	}
}

// Describe sends the descriptions.
func (b *Bus) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{b.requests, b.duration, b.inFlight, b.edges, b.panics, b.unknown} {
		out <- d
	}
}

// Collect reads the counters and sends them, sorted.
func (b *Bus) Collect(out chan<- prometheus.Metric) {
	totals := map[[2]string]*actionTotal{}
	for _, edge := range b.source.Stats() {
		key := [2]string{edge.Action, edge.Side}
		total := totals[key]
		if total == nil {
			total = &actionTotal{side: edge.Side, service: edge.Service, action: edge.Action}
			totals[key] = total
		}
		total.add(edge)
		out <- counter(b.edges, sum(edge.Requests), edge.Side, edge.Caller, edge.Service, edge.Action)
	}
	byName := func(x, y *actionTotal) int {
		return cmp.Or(cmp.Compare(x.action, y.action), cmp.Compare(x.side, y.side))
	}
	for _, total := range slices.SortedFunc(maps.Values(totals), byName) {
		b.send(out, total)
	}
}

func (b *Bus) send(out chan<- prometheus.Metric, t *actionTotal) {
	for code, n := range t.requests {
		// Zeros but that of success are left out: 13 of 14 codes would be zero for most actions.
		if n > 0 || bus.Code(code) == bus.OK {
			out <- counter(b.requests, n, t.side, t.service, t.action, bus.Code(code).String())
		}
	}
	out <- counter(b.panics, t.panics, t.side, t.service, t.action)
	if t.side != bus.SideLocal { // both ends have one contract
		out <- counter(b.unknown, t.unknown, t.side, t.service, t.action)
	}
	out <- prometheus.MustNewConstMetric(b.inFlight, prometheus.GaugeValue, float64(t.inFlight), t.side, t.service, t.action)
	out <- prometheus.MustNewConstHistogram(b.duration, sum(t.requests), t.seconds, t.cumulative(), t.side, t.service, t.action)
}

func counter(desc *prometheus.Desc, n uint64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), labels...)
}

// actionTotal is an action's counters on one side, summed over its callers.
type actionTotal struct {
	side, service, action string
	requests              [bus.NumCodes]uint64
	inFlight              int64
	panics                uint64
	unknown               uint64
	seconds               float64
	buckets               map[float64]uint64
}

func (t *actionTotal) add(edge bus.EdgeStats) {
	for code, n := range edge.Requests {
		t.requests[code] += n
	}
	t.inFlight += edge.InFlight
	t.panics += edge.Panics
	t.unknown += edge.UnknownFields
	t.seconds += edge.Duration.Sum
	if t.buckets == nil {
		t.buckets = make(map[float64]uint64, len(edge.Duration.Buckets))
	}
	for _, bucket := range edge.Duration.Buckets {
		t.buckets[bucket.UpperBound] += bucket.Count
	}
}

// cumulative is the buckets, none above the number of calls. The bus counts a call in several words that a scrape does
// not read at one instant; a call that is in its bucket but not yet under its code is shown with the next scrape.
func (t *actionTotal) cumulative() map[float64]uint64 {
	calls := sum(t.requests)
	for bound, n := range t.buckets {
		t.buckets[bound] = min(n, calls)
	}
	return t.buckets
}

func sum(byCode [bus.NumCodes]uint64) (total uint64) {
	for _, n := range byCode {
		total += n
	}
	return total
}
