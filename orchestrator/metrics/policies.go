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

// Policies is a prometheus.Collector over what the policies of a bus did. Make it with NewPolicies.
type Policies struct {
	source          PolicySource
	retries         *prometheus.Desc
	breakerState    *prometheus.Desc
	breakerOpened   *prometheus.Desc
	breakerRejected *prometheus.Desc
	waiting         *prometheus.Desc
	full            *prometheus.Desc
	cacheRequests   *prometheus.Desc
	cacheEntries    *prometheus.Desc
}

// NewPolicies makes a collector that reads source once per scrape. An action has series only of the policies that it
// was called through.
func NewPolicies(source PolicySource, id Identity) *Policies {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append([]string{"service", "action"}, labels...), id.labels())
	}
	return &Policies{
		source:          source,
		retries:         describe("bus_retries_total", "Attempts that were made because an earlier one failed."),
		breakerState:    describe("bus_breaker_state", "The circuit breaker: 0 closed, 1 half-open, 2 open; the worst if there are several."),
		breakerOpened:   describe("bus_breaker_opened_total", "Times that the circuit breaker opened."),
		breakerRejected: describe("bus_breaker_rejected_total", "Calls that an open circuit breaker answered."),
		waiting:         describe("bus_bulkhead_waiting", "Calls that wait for a place in the bulkhead."),
		full:            describe("bus_bulkhead_rejected_total", "Calls that were refused because the bulkhead's queue was full."),
		cacheRequests:   describe("bus_cache_requests_total", "Calls through the cache: hit from memory, miss went to the action, shared waited for another's call.", "result"),
		cacheEntries:    describe("bus_cache_entries", "Responses in the cache."),
	}
}

// Describe sends the descriptions.
func (p *Policies) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		p.retries, p.breakerState, p.breakerOpened, p.breakerRejected, p.waiting, p.full, p.cacheRequests, p.cacheEntries,
	} {
		out <- d
	}
}

// Collect reads the figures and sends them, sorted by action.
func (p *Policies) Collect(out chan<- prometheus.Metric) {
	for _, s := range p.source.PolicyStats() {
		count := func(desc *prometheus.Desc, n uint64, labels ...string) {
			out <- counter(desc, n, append([]string{s.Service, s.Action}, labels...)...)
		}
		gauge := func(desc *prometheus.Desc, v float64) {
			out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, s.Service, s.Action)
		}
		if r := s.Retry; r != nil {
			count(p.retries, r.Retries)
		}
		if b := s.Breaker; b != nil {
			gauge(p.breakerState, float64(b.State))
			count(p.breakerOpened, b.Opened)
			count(p.breakerRejected, b.Rejected)
		}
		if b := s.Bulkhead; b != nil {
			gauge(p.waiting, float64(b.Waiting))
			count(p.full, b.Rejected)
		}
		if c := s.Cache; c != nil {
			count(p.cacheRequests, c.Hits, "hit")
			count(p.cacheRequests, c.Misses, "miss")
			count(p.cacheRequests, c.Shared, "shared")
			gauge(p.cacheEntries, float64(c.Entries))
		}
	}
}
