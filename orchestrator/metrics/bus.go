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

// NewBus makes a collector that reads the counters of a bus once per scrape and costs nothing between scrapes. What it
// sends is sorted.
func NewBus(source Source, id Identity) prometheus.Collector {
	c := &collector{constant: id.labels()}
	requests := c.describe("bus_requests_total", "Calls that ended, by the code they ended with.", "side", "service", "action", "code")
	duration := c.describe("bus_request_duration_seconds", "How long the calls that ended took.", "side", "service", "action")
	inFlight := c.describe("bus_requests_in_flight", "Calls that have begun and not ended.", "side", "service", "action")
	edges := c.describe("bus_edge_requests_total", "Calls that ended, by who called.", "side", "caller", "service", "action")
	panics := c.describe("bus_panics_total", "Calls whose handler panicked; they are among the calls that ended with code internal.", "side", "service", "action")
	unknown := c.describe("bus_unknown_fields_total", "Messages from other processes with fields that the contract here does not have; the fields were ignored.", "side", "service", "action")
	c.read = func(out sink) {
		all := source.Stats()
		for _, edge := range all {
			out.counter(edges, sum(edge.Requests), edge.Side, edge.Caller, edge.Service, edge.Action)
		}
		for _, t := range perAction(all) {
			for code, n := range t.Requests {
				// Zeros but that of success are left out: 13 of 14 codes would be zero for most actions.
				if n > 0 || bus.Code(code) == bus.OK {
					out.counter(requests, n, t.Side, t.Service, t.Action, bus.Code(code).String())
				}
			}
			out.counter(panics, t.Panics, t.Side, t.Service, t.Action)
			out.counter(unknown, t.UnknownFields, t.Side, t.Service, t.Action)
			out.gauge(inFlight, float64(t.InFlight), t.Side, t.Service, t.Action)
			out <- prometheus.MustNewConstHistogram(duration, sum(t.Requests), t.Duration.Sum, t.cumulative(), t.Side, t.Service, t.Action)
		}
	}
	return c
}

// perAction sums over callers, sorted by action and side.
func perAction(edges []bus.EdgeStats) []*actionTotal {
	found := map[[2]string]*actionTotal{}
	for _, edge := range edges {
		key := [2]string{edge.Action, edge.Side}
		if found[key] == nil {
			found[key] = &actionTotal{buckets: make(map[float64]uint64, len(edge.Duration.Buckets))}
			found[key].Side, found[key].Service, found[key].Action = edge.Side, edge.Service, edge.Action
		}
		found[key].add(edge)
	}
	return slices.SortedFunc(maps.Values(found), func(x, y *actionTotal) int {
		return cmp.Or(cmp.Compare(x.Action, y.Action), cmp.Compare(x.Side, y.Side))
	})
}

// actionTotal is an action's counters on one side, summed over its callers.
type actionTotal struct {
	bus.EdgeStats

	buckets map[float64]uint64
}

func (t *actionTotal) add(edge bus.EdgeStats) {
	for code, n := range edge.Requests {
		t.Requests[code] += n
	}
	t.InFlight += edge.InFlight
	t.Panics += edge.Panics
	t.UnknownFields += edge.UnknownFields
	t.Duration.Sum += edge.Duration.Sum
	for _, bucket := range edge.Duration.Buckets {
		t.buckets[bucket.UpperBound] += bucket.Count
	}
}

// cumulative is the buckets, none above the number of calls. The bus counts a call in several words that a scrape does
// not read at one instant; a call that is in its bucket but not yet under its code is shown with the next scrape.
func (t *actionTotal) cumulative() map[float64]uint64 {
	calls := sum(t.Requests)
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
