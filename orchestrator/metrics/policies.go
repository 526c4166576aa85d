package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/shopanaio/orchestrator/bus"
)

// PolicySource is where NewPolicies finds the figures; *bus.Node is one.
type PolicySource interface {
	// PolicyStats returns the figures of every action that was called through a policy.
	PolicyStats() []bus.PolicyStats
}

// NewPolicies makes a collector of what the policies of a bus did. An action has series only of the policies that it was
// called through.
func NewPolicies(source PolicySource, id Identity) prometheus.Collector {
	c := &collector{constant: id.labels()}
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return c.describe(name, help, append([]string{"service", "action"}, labels...)...)
	}
	retries := describe("bus_retries_total", "Attempts that were made because an earlier one failed.")
	state := describe("bus_breaker_state", "The circuit breaker: 0 closed, 1 half-open, 2 open; the worst if there are several.")
	opened := describe("bus_breaker_opened_total", "Times that the circuit breaker opened.")
	rejected := describe("bus_breaker_rejected_total", "Calls that an open circuit breaker answered.")
	waiting := describe("bus_bulkhead_waiting", "Calls that wait for a place in the bulkhead.")
	full := describe("bus_bulkhead_rejected_total", "Calls that were refused because the bulkhead's queue was full.")
	requests := describe("bus_cache_requests_total", "Calls through the cache: hit from memory, miss went to the action, shared waited for another's call.", "result")
	entries := describe("bus_cache_entries", "Responses in the cache.")
	c.read = func(out sink) {
		for _, s := range source.PolicyStats() {
			if r := s.Retry; r != nil {
				out.counter(retries, r.Retries, s.Service, s.Action)
			}
			if b := s.Breaker; b != nil {
				out.gauge(state, float64(b.State), s.Service, s.Action)
				out.counter(opened, b.Opened, s.Service, s.Action)
				out.counter(rejected, b.Rejected, s.Service, s.Action)
			}
			if b := s.Bulkhead; b != nil {
				out.gauge(waiting, float64(b.Waiting), s.Service, s.Action)
				out.counter(full, b.Rejected, s.Service, s.Action)
			}
			if k := s.Cache; k != nil {
				out.counter(requests, k.Hits, s.Service, s.Action, "hit")
				out.counter(requests, k.Misses, s.Service, s.Action, "miss")
				out.counter(requests, k.Shared, s.Service, s.Action, "shared")
				out.gauge(entries, float64(k.Entries), s.Service, s.Action)
			}
		}
	}
	return c
}
