package metrics

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/shopanaio/orchestrator/bus"
)

// events is a source of one event with one subscriber.
type events struct{}

func (events) EventStats() bus.EventStats {
	return bus.EventStats{
		Emitted:     []bus.EmittedStats{{Service: "b", Event: "b.happened", Emitted: 1}},
		Subscribers: []bus.SubscriberStats{{Subscriber: "a", Event: "b.happened", Delivered: 1, Duration: bus.Histogram{Count: 1, Sum: 0.001}}},
	}
}

// everything registers all that this package can show.
func everything() *prometheus.Registry {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(
		NewBus(&counters{edges: []bus.EdgeStats{edge("a", "b.c", map[bus.Code]uint64{bus.OK: 1})}}, Identity{Namespace: "n", Node: "m"}),
		NewEvents(events{}, Identity{Namespace: "n", Node: "m"}),
		NewPolicies(allPolicies(), Identity{Namespace: "n", Node: "m"}),
		NewNode(status{}, Identity{Namespace: "n", Node: "m"}),
		NewBuildInfo(Build{Variant: "dev"}),
		NewServices(func() []Service {
			return []Service{{Service: "b", State: "Running", Start: 20 * time.Millisecond, Failures: 1}}
		}),
		NewDroppedLines(func() map[string]uint64 { return map[string]uint64{"queue_full": 3} }),
		NewSelectionStale(),
	)
	return registry
}

func TestNamesPassTheLinter(t *testing.T) {
	problems, err := testutil.GatherAndLint(everything())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// Proves: R20.
func TestRegistryShowsRuntimeAndProcess(t *testing.T) {
	names := map[string]bool{}
	families, err := NewRegistry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		names[f.GetName()] = true
	}
	want := []string{"go_goroutines", "go_memstats_heap_alloc_bytes", "go_gc_duration_seconds", "go_info"}
	if runtime.GOOS == "linux" {
		want = append(want, "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds")
	}
	for _, name := range want {
		if !names[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestBuildInfo(t *testing.T) {
	want := `
# HELP orchestrator_build_info What this binary was built from, in the labels; always 1.
# TYPE orchestrator_build_info gauge
orchestrator_build_info{digest="sha256:1",goversion="go1",revision="abc",variant="dev"} 1
`
	build := Build{Variant: "dev", Revision: "abc", GoVersion: "go1", Digest: "sha256:1"}
	if err := testutil.CollectAndCompare(NewBuildInfo(build), strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

func TestBuildInfoOfAnUnknownBuild(t *testing.T) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(NewBuildInfo(Build{}))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range families[0].GetMetric()[0].GetLabel() {
		switch label.GetName() {
		case "variant", "digest":
			if label.GetValue() != "unknown" {
				t.Errorf("%s is %q, want unknown", label.GetName(), label.GetValue())
			}
		case "goversion":
			if label.GetValue() != runtime.Version() {
				t.Errorf("goversion is %q, want %q", label.GetValue(), runtime.Version())
			}
		case "revision":
			if label.GetValue() == "" { // whether the go command recorded one depends on how the test was built
				t.Error("revision is empty")
			}
		}
	}
}

func TestServiceStates(t *testing.T) {
	now := []Service{{Service: "pricing", State: "Running"}, {Service: "apps", State: "Starting"}}
	collector := NewServices(func() []Service { return now })
	want := `
# HELP orchestrator_service_state 1 for the state that the service is in, 0 for the others.
# TYPE orchestrator_service_state gauge
orchestrator_service_state{service="apps",state="Failed"} 0
orchestrator_service_state{service="apps",state="New"} 0
orchestrator_service_state{service="apps",state="Running"} 0
orchestrator_service_state{service="apps",state="Starting"} 1
orchestrator_service_state{service="apps",state="Stopping"} 0
orchestrator_service_state{service="apps",state="Terminated"} 0
orchestrator_service_state{service="pricing",state="Failed"} 0
orchestrator_service_state{service="pricing",state="New"} 0
orchestrator_service_state{service="pricing",state="Running"} 1
orchestrator_service_state{service="pricing",state="Starting"} 0
orchestrator_service_state{service="pricing",state="Stopping"} 0
orchestrator_service_state{service="pricing",state="Terminated"} 0
`
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), "orchestrator_service_state"); err != nil {
		t.Error(err)
	}
	now = []Service{{Service: "apps", State: "Failed"}}
	if n := testutil.CollectAndCount(collector, "orchestrator_service_state"); n != len(States) {
		t.Errorf("%d series after a service went, want %d", n, len(States))
	}
}

func TestServiceTimes(t *testing.T) {
	want := `
# HELP orchestrator_service_goroutine_failures_total Goroutines of the service that panicked or ended with an error before its stop.
# TYPE orchestrator_service_goroutine_failures_total counter
orchestrator_service_goroutine_failures_total{service="apps"} 1
# HELP orchestrator_service_start_seconds How long the service took to start.
# TYPE orchestrator_service_start_seconds gauge
orchestrator_service_start_seconds{service="apps"} 0.02
# HELP orchestrator_service_stop_seconds How long the service took to stop; 0 while it has not.
# TYPE orchestrator_service_stop_seconds gauge
orchestrator_service_stop_seconds{service="apps"} 0
`
	collector := NewServices(func() []Service {
		return []Service{{Service: "apps", Start: 20 * time.Millisecond, Failures: 1}}
	})
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), "orchestrator_service_goroutine_failures_total",
		"orchestrator_service_start_seconds", "orchestrator_service_stop_seconds"); err != nil {
		t.Error(err)
	}
}

func TestSelectionStaleBeginsAtZero(t *testing.T) {
	stale := NewSelectionStale()
	if v := testutil.ToFloat64(stale); v != 0 {
		t.Errorf("begins at %v", v)
	}
	stale.Set(1)
	if v := testutil.ToFloat64(stale); v != 1 {
		t.Errorf("%v after Set(1)", v)
	}
}
