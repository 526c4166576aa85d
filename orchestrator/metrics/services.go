package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// States are the states of a service, in the order it goes through them; a service that fails ends in the last.
var States = [...]string{"New", "Starting", "Running", "Stopping", "Terminated", "Failed"}

// Service is how a service is, what its hooks took, and how often its goroutines failed.
type Service struct {
	Service     string
	State       string        // one of States
	Start, Stop time.Duration // zero until the hook has returned
	Failures    uint64        // panics and unexpected errors of its goroutines
}

// NewServices makes orchestrator_service_state, with one series for each of States, orchestrator_service_start_seconds,
// orchestrator_service_stop_seconds and orchestrator_service_goroutine_failures_total. snapshot is called once per scrape and
// must be quick and safe to call at any time.
func NewServices(snapshot func() []Service) prometheus.Collector {
	c := &collector{}
	is := c.describe("orchestrator_service_state", "1 for the state that the service is in, 0 for the others.", "service", "state")
	start := c.describe("orchestrator_service_start_seconds", "How long the service took to start.", "service")
	stop := c.describe("orchestrator_service_stop_seconds", "How long the service took to stop; 0 while it has not.", "service")
	failures := c.describe("orchestrator_service_goroutine_failures_total", "Goroutines of the service that panicked or ended with an error before its stop.", "service")
	c.read = func(out sink) {
		for _, s := range snapshot() {
			for _, state := range States {
				out.gauge(is, truth(state == s.State), s.Service, state)
			}
			out.gauge(start, s.Start.Seconds(), s.Service)
			out.gauge(stop, s.Stop.Seconds(), s.Service)
			out.counter(failures, s.Failures, s.Service)
		}
	}
	return c
}
