package metrics

import (
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// States are the states of a service, in the order it goes through them; a service that fails ends in the last.
var States = [...]string{"New", "Starting", "Running", "Stopping", "Terminated", "Failed"}

// NewServiceStates makes orchestrator_service_state: per service one series for each of States, 1 for the one it is in.
// snapshot maps services to their states; it is called once per scrape and must be quick and safe to call at any time.
func NewServiceStates(snapshot func() map[string]string) prometheus.Collector {
	c := &collector{}
	is := c.describe("orchestrator_service_state", "1 for the state that the service is in, 0 for the others.", "service", "state")
	c.read = func(out sink) {
		now := snapshot()
		for _, service := range slices.Sorted(maps.Keys(now)) {
			for _, state := range States {
				out.gauge(is, truth(state == now[service]), service, state)
			}
		}
	}
	return c
}

// ServiceTime is what a service's hooks took, and how often its goroutines failed.
type ServiceTime struct {
	Service     string
	Start, Stop time.Duration // zero until the hook has returned
	Failures    uint64        // panics and unexpected errors of its goroutines
}

// NewServiceTimes makes orchestrator_service_start_seconds, orchestrator_service_stop_seconds and
// orchestrator_service_goroutine_failures_total. snapshot is called once per scrape and must be quick and safe to call at any time.
func NewServiceTimes(snapshot func() []ServiceTime) prometheus.Collector {
	c := &collector{}
	start := c.describe("orchestrator_service_start_seconds", "How long the service took to start.", "service")
	stop := c.describe("orchestrator_service_stop_seconds", "How long the service took to stop; 0 while it has not.", "service")
	failures := c.describe("orchestrator_service_goroutine_failures_total", "Goroutines of the service that panicked or ended with an error before its stop.", "service")
	c.read = func(out sink) {
		for _, t := range snapshot() {
			out.gauge(start, t.Start.Seconds(), t.Service)
			out.gauge(stop, t.Stop.Seconds(), t.Service)
			out.counter(failures, t.Failures, t.Service)
		}
	}
	return c
}
