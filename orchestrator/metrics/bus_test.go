package metrics

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/shopanaio/orchestrator/bus"
)

// counters is a Source that gives what it is told and counts how often it was asked.
type counters struct {
	edges []bus.EdgeStats
	reads int
}

func (c *counters) Stats() []bus.EdgeStats {
	c.reads++
	return c.edges
}

// edge makes the counters of one edge; its calls took 1 ms each.
func edge(caller, action string, byCode map[bus.Code]uint64) bus.EdgeStats {
	service, _, _ := strings.Cut(action, ".")
	e := bus.EdgeStats{Caller: caller, Service: service, Action: action, Side: bus.SideLocal}
	for code, n := range byCode {
		e.Requests[code] = n
		e.Duration.Count += n
	}
	e.Duration.Sum = float64(e.Duration.Count) * 0.001
	e.Duration.Buckets = []bus.Bucket{{UpperBound: 0.0005}, {UpperBound: 0.002, Count: e.Duration.Count}}
	return e
}

func TestBusSumsOverCallers(t *testing.T) {
	busy := edge("orders", "pricing.evaluate", map[bus.Code]uint64{bus.OK: 2, bus.Internal: 1})
	busy.InFlight, busy.Panics = 3, 1
	source := &counters{edges: []bus.EdgeStats{
		edge("checkout", "pricing.evaluate", map[bus.Code]uint64{bus.OK: 5, bus.DeadlineExceeded: 1}),
		busy,
		edge("pricing", "apps.execute", nil),
	}}
	want := `
# HELP bus_edge_requests_total Calls that ended, by who called.
# TYPE bus_edge_requests_total counter
bus_edge_requests_total{action="pricing.evaluate",caller="checkout",namespace="shop",node="n1",service="pricing",side="local"} 6
bus_edge_requests_total{action="pricing.evaluate",caller="orders",namespace="shop",node="n1",service="pricing",side="local"} 3
bus_edge_requests_total{action="apps.execute",caller="pricing",namespace="shop",node="n1",service="apps",side="local"} 0
# HELP bus_panics_total Calls whose handler panicked; they are among the calls that ended with code internal.
# TYPE bus_panics_total counter
bus_panics_total{action="apps.execute",namespace="shop",node="n1",service="apps",side="local"} 0
bus_panics_total{action="pricing.evaluate",namespace="shop",node="n1",service="pricing",side="local"} 1
# HELP bus_request_duration_seconds How long the calls that ended took.
# TYPE bus_request_duration_seconds histogram
bus_request_duration_seconds_bucket{action="apps.execute",namespace="shop",node="n1",service="apps",side="local",le="0.0005"} 0
bus_request_duration_seconds_bucket{action="apps.execute",namespace="shop",node="n1",service="apps",side="local",le="0.002"} 0
bus_request_duration_seconds_bucket{action="apps.execute",namespace="shop",node="n1",service="apps",side="local",le="+Inf"} 0
bus_request_duration_seconds_sum{action="apps.execute",namespace="shop",node="n1",service="apps",side="local"} 0
bus_request_duration_seconds_count{action="apps.execute",namespace="shop",node="n1",service="apps",side="local"} 0
bus_request_duration_seconds_bucket{action="pricing.evaluate",namespace="shop",node="n1",service="pricing",side="local",le="0.0005"} 0
bus_request_duration_seconds_bucket{action="pricing.evaluate",namespace="shop",node="n1",service="pricing",side="local",le="0.002"} 9
bus_request_duration_seconds_bucket{action="pricing.evaluate",namespace="shop",node="n1",service="pricing",side="local",le="+Inf"} 9
bus_request_duration_seconds_sum{action="pricing.evaluate",namespace="shop",node="n1",service="pricing",side="local"} 0.009000000000000001
bus_request_duration_seconds_count{action="pricing.evaluate",namespace="shop",node="n1",service="pricing",side="local"} 9
# HELP bus_requests_in_flight Calls that have begun and not ended.
# TYPE bus_requests_in_flight gauge
bus_requests_in_flight{action="apps.execute",namespace="shop",node="n1",service="apps",side="local"} 0
bus_requests_in_flight{action="pricing.evaluate",namespace="shop",node="n1",service="pricing",side="local"} 3
# HELP bus_requests_total Calls that ended, by the code they ended with.
# TYPE bus_requests_total counter
bus_requests_total{action="apps.execute",code="ok",namespace="shop",node="n1",service="apps",side="local"} 0
bus_requests_total{action="pricing.evaluate",code="deadline_exceeded",namespace="shop",node="n1",service="pricing",side="local"} 1
bus_requests_total{action="pricing.evaluate",code="internal",namespace="shop",node="n1",service="pricing",side="local"} 1
bus_requests_total{action="pricing.evaluate",code="ok",namespace="shop",node="n1",service="pricing",side="local"} 7
`
	if err := testutil.CollectAndCompare(NewBus(source, Identity{Namespace: "shop", Node: "n1"}), strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

// The two sides of a call are series of their own, in one process as in two.
func TestBusTellsTheSidesApart(t *testing.T) {
	client, server := edge("till", "shop.pay", map[bus.Code]uint64{bus.OK: 10}), edge("till", "shop.pay", map[bus.Code]uint64{bus.OK: 4})
	client.Side, server.Side = bus.SideClient, bus.SideServer
	want := `
# HELP bus_edge_requests_total Calls that ended, by who called.
# TYPE bus_edge_requests_total counter
bus_edge_requests_total{action="shop.pay",caller="till",service="shop",side="client"} 10
bus_edge_requests_total{action="shop.pay",caller="till",service="shop",side="server"} 4
# HELP bus_requests_total Calls that ended, by the code they ended with.
# TYPE bus_requests_total counter
bus_requests_total{action="shop.pay",code="ok",service="shop",side="client"} 10
bus_requests_total{action="shop.pay",code="ok",service="shop",side="server"} 4
`
	collector := NewBus(&counters{edges: []bus.EdgeStats{client, server}}, Identity{})
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), "bus_edge_requests_total", "bus_requests_total"); err != nil {
		t.Error(err)
	}
}

func TestBusReadsOnlyWhenScraped(t *testing.T) {
	source := &counters{edges: []bus.EdgeStats{edge("a", "b.c", map[bus.Code]uint64{bus.OK: 1})}}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(NewBus(source, Identity{}))
	if source.reads != 0 {
		t.Errorf("registering read the counters %d times, want 0", source.reads)
	}
	for want := 1; want <= 3; want++ {
		if _, err := registry.Gather(); err != nil {
			t.Fatal(err)
		}
		if source.reads != want {
			t.Errorf("%d reads after %d scrapes", source.reads, want)
		}
	}
}

// A call that is counted in its bucket and not yet under its code must not make the histogram contradict itself.
func TestBusStaysConsistentWhenReadInTheMiddleOfACall(t *testing.T) {
	torn := edge("a", "b.c", map[bus.Code]uint64{bus.OK: 4})
	torn.Duration.Count, torn.Duration.Buckets[1].Count = 5, 5
	want := `
# HELP bus_request_duration_seconds How long the calls that ended took.
# TYPE bus_request_duration_seconds histogram
bus_request_duration_seconds_bucket{action="b.c",service="b",side="local",le="0.0005"} 0
bus_request_duration_seconds_bucket{action="b.c",service="b",side="local",le="0.002"} 4
bus_request_duration_seconds_bucket{action="b.c",service="b",side="local",le="+Inf"} 4
bus_request_duration_seconds_sum{action="b.c",service="b",side="local"} 0.004
bus_request_duration_seconds_count{action="b.c",service="b",side="local"} 4
`
	collector := NewBus(&counters{edges: []bus.EdgeStats{torn}}, Identity{})
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), "bus_request_duration_seconds"); err != nil {
		t.Error(err)
	}
}
