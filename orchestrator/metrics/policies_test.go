package metrics

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// policies is a PolicySource that gives what it is told.
type policies []bus.PolicyStats

func (p policies) PolicyStats() []bus.PolicyStats { return p }

// allPolicies is an action that was called through every policy.
func allPolicies() policies {
	return policies{{
		Service: "b", Action: "b.c",
		Retry:    &bus.RetryStats{Retries: 1},
		Breaker:  &bus.BreakerStats{State: bus.BreakerOpen, Opened: 2, Rejected: 3},
		Bulkhead: &bus.BulkheadStats{Waiting: 4, Rejected: 5},
		Cache:    &bus.CacheStats{Hits: 6, Misses: 7, Shared: 8, Entries: 9},
	}}
}

// Proves: B18, B19. What a policy does is seen in the metrics, and an action without one has no series.
func TestPoliciesShowWhatTheBusCounted(t *testing.T) {
	ctx, node := t.Context(), membus.New(bus.Options{})
	look := bus.NewAction[order, order]("shop.look", bus.Idempotent())
	plain := bus.NewAction[order, order]("shop.plain")
	handle := func(_ context.Context, o order) (order, error) {
		if o.Outcome == "away" {
			return o, bus.Errorf(bus.Unavailable, "away")
		}
		return o, nil
	}
	look.Handle(node.View("shop"), handle)
	plain.Handle(node.View("shop"), handle)
	view := node.View("test")
	kept := look.With(bus.Cache(bus.CachePolicy{}))
	for range 3 {
		if _, err := kept.Call(ctx, view, order{}); err != nil {
			t.Fatal(err)
		}
	}
	careful := look.With(bus.Retry(bus.RetryPolicy{Attempts: 3, Base: time.Nanosecond}), bus.Breaker(bus.BreakerPolicy{MinRequests: 2}))
	for range 2 {
		if _, err := careful.Call(ctx, view, order{Outcome: "away"}); bus.CodeOf(err) != bus.Unavailable {
			t.Fatal(err)
		}
	}
	if _, err := plain.With(bus.Bulkhead(bus.BulkheadPolicy{})).Call(ctx, view, order{}); err != nil {
		t.Fatal(err)
	}
	want := `
# HELP bus_breaker_opened_total Times that the circuit breaker opened.
# TYPE bus_breaker_opened_total counter
bus_breaker_opened_total{action="shop.look",service="shop"} 1
# HELP bus_breaker_rejected_total Calls that an open circuit breaker answered.
# TYPE bus_breaker_rejected_total counter
bus_breaker_rejected_total{action="shop.look",service="shop"} 2
# HELP bus_breaker_state The circuit breaker: 0 closed, 1 half-open, 2 open; the worst if there are several.
# TYPE bus_breaker_state gauge
bus_breaker_state{action="shop.look",service="shop"} 2
# HELP bus_bulkhead_rejected_total Calls that were refused because the bulkhead's queue was full.
# TYPE bus_bulkhead_rejected_total counter
bus_bulkhead_rejected_total{action="shop.plain",service="shop"} 0
# HELP bus_bulkhead_waiting Calls that wait for a place in the bulkhead.
# TYPE bus_bulkhead_waiting gauge
bus_bulkhead_waiting{action="shop.plain",service="shop"} 0
# HELP bus_cache_entries Responses in the cache.
# TYPE bus_cache_entries gauge
bus_cache_entries{action="shop.look",service="shop"} 1
# HELP bus_cache_requests_total Calls through the cache: hit from memory, miss went to the action, shared waited for another's call.
# TYPE bus_cache_requests_total counter
bus_cache_requests_total{action="shop.look",result="hit",service="shop"} 2
bus_cache_requests_total{action="shop.look",result="miss",service="shop"} 1
bus_cache_requests_total{action="shop.look",result="shared",service="shop"} 0
# HELP bus_retries_total Attempts that were made because an earlier one failed.
# TYPE bus_retries_total counter
bus_retries_total{action="shop.look",service="shop"} 2
`
	if err := testutil.CollectAndCompare(NewPolicies(node, Identity{}), strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}
