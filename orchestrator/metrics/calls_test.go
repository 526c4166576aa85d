package metrics

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

type order struct {
	Outcome string `json:"outcome"`
}

var (
	place    = bus.NewAction[order, order]("shop.place")
	errTaken = bus.NewError(bus.AlreadyExists, "shop.taken")
)

// shop is a node with one action, whose outcome the request chooses.
func shop(t testing.TB) *bus.Node {
	t.Helper()
	node := membus.New(bus.Options{Logger: slog.New(slog.DiscardHandler)})
	place.Handle(node.View("shop"), func(ctx context.Context, in order) (order, error) {
		switch in.Outcome {
		case "error":
			return in, errTaken.Errorf("it is taken")
		case "timeout":
			<-ctx.Done()
			return in, ctx.Err()
		case "panic":
			panic(in.Outcome)
		}
		return in, nil
	})
	if err := node.Check(); err != nil {
		t.Fatal(err)
	}
	return node
}

// Proves: R17.
func TestCallsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := shop(t)
		collector := NewBus(node, Identity{})
		for _, outcome := range []string{"success", "error", "timeout"} {
			_, _ = place.Call(t.Context(), node.View("till"), order{outcome})
		}
		want := `
# HELP bus_requests_total Calls that ended, by the code they ended with.
# TYPE bus_requests_total counter
bus_requests_total{action="shop.place",code="already_exists",service="shop",side="local"} 1
bus_requests_total{action="shop.place",code="deadline_exceeded",service="shop",side="local"} 1
bus_requests_total{action="shop.place",code="ok",service="shop",side="local"} 1
# HELP bus_edge_requests_total Calls that ended, by who called.
# TYPE bus_edge_requests_total counter
bus_edge_requests_total{action="shop.place",caller="till",service="shop",side="local"} 3
# HELP bus_requests_in_flight Calls that have begun and not ended.
# TYPE bus_requests_in_flight gauge
bus_requests_in_flight{action="shop.place",service="shop",side="local"} 0
# HELP bus_panics_total Calls whose handler panicked; they are among the calls that ended with code internal.
# TYPE bus_panics_total counter
bus_panics_total{action="shop.place",service="shop",side="local"} 0
`
		if err := testutil.CollectAndCompare(collector, strings.NewReader(want),
			"bus_requests_total", "bus_edge_requests_total", "bus_requests_in_flight", "bus_panics_total"); err != nil {
			t.Error(err)
		}
		seen := scrape(t, collector)
		if seen.count != 3 || seen.seconds < bus.DefaultTimeout.Seconds() || seen.seconds > bus.DefaultTimeout.Seconds()+1 {
			t.Errorf("the histogram has %d calls of %v s together, want 3 of which one took %v", seen.count, seen.seconds, bus.DefaultTimeout)
		}
	})
}

func TestPanicsAndCallsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := shop(t)
		_, _ = place.Call(t.Context(), node.View("till"), order{"panic"})
		ctx, hangUp := context.WithCancel(t.Context())
		go func() { _, _ = place.Call(ctx, node.View("till"), order{"timeout"}) }()
		synctest.Wait()
		seen := scrape(t, NewBus(node, Identity{}))
		if seen.panics != 1 || seen.inFlight != 1 || seen.byCode != 1 {
			t.Errorf("%+v, want one panic, one in flight, one that ended", seen)
		}
		hangUp()
		synctest.Wait()
	})
}

// totals is what one scrape says about shop.place.
type totals struct {
	byCode, edges, panics, inFlight, seconds float64
	count                                    uint64
	buckets                                  []uint64
}

func scrape(t testing.TB, c prometheus.Collector) (seen totals) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			switch f.GetName() {
			case "bus_requests_total":
				seen.byCode += m.GetCounter().GetValue()
			case "bus_edge_requests_total":
				seen.edges += m.GetCounter().GetValue()
			case "bus_panics_total":
				seen.panics += m.GetCounter().GetValue()
			case "bus_requests_in_flight":
				seen.inFlight += m.GetGauge().GetValue()
			case "bus_request_duration_seconds":
				seen.count, seen.seconds = m.GetHistogram().GetSampleCount(), m.GetHistogram().GetSampleSum()
				for _, b := range m.GetHistogram().GetBucket() {
					seen.buckets = append(seen.buckets, b.GetCumulativeCount())
				}
			}
		}
	}
	return seen
}

// Every scrape is consistent in itself and none goes back behind the one before, while calls run on all processors.
func TestScrapesWhileCallsRun(t *testing.T) {
	const callers, calls = 4, 2000
	node := shop(t)
	collector := NewBus(node, Identity{})
	var callersDone sync.WaitGroup
	for i := range callers {
		till := node.View([]string{"till", "web"}[i%2])
		callersDone.Go(func() {
			for n := range calls {
				_, _ = place.Call(t.Context(), till, order{[]string{"success", "error"}[n%2]})
			}
		})
	}
	done := make(chan struct{})
	go func() { callersDone.Wait(); close(done) }()
	var before totals
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		seen := scrape(t, collector)
		seen.mustFollow(t, before)
		before = seen
	}
	if before.byCode != callers*calls || before.inFlight != 0 || before.buckets[len(before.buckets)-1] != callers*calls {
		t.Errorf("after all calls: %+v", before)
	}
}

func (seen totals) mustFollow(t *testing.T, before totals) {
	t.Helper()
	if float64(seen.count) != seen.byCode || seen.edges != seen.byCode {
		t.Fatalf("the histogram counts %d, the codes %v, the edges %v", seen.count, seen.byCode, seen.edges)
	}
	if seen.byCode < before.byCode || seen.seconds < before.seconds {
		t.Fatalf("%+v came after %+v", seen, before)
	}
	for i, n := range seen.buckets {
		if n > seen.count || i > 0 && n < seen.buckets[i-1] || before.buckets != nil && n < before.buckets[i] {
			t.Fatalf("bucket %d of %v, count %d, before %v", i, seen.buckets, seen.count, before.buckets)
		}
	}
}
