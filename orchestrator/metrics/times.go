package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ServiceTime is what a service's hooks took, and how often its goroutines failed.
type ServiceTime struct {
	Service     string
	Start, Stop time.Duration // zero until the hook has returned
	Failures    uint64        // panics and unexpected errors of its goroutines
}

// ServiceTimes is a prometheus.Collector of what services take to start and stop. Make it with NewServiceTimes.
type ServiceTimes struct {
	snapshot              func() []ServiceTime
	start, stop, failures *prometheus.Desc
}

// NewServiceTimes makes orchestrator_service_start_seconds, orchestrator_service_stop_seconds and
// orchestrator_service_goroutine_failures_total. snapshot is called once per scrape and must be quick and safe to call at any time.
func NewServiceTimes(snapshot func() []ServiceTime) *ServiceTimes {
	describe := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, []string{"service"}, nil)
	}
	return &ServiceTimes{
		snapshot: snapshot,
		start:    describe("orchestrator_service_start_seconds", "How long the service took to start."),
		stop:     describe("orchestrator_service_stop_seconds", "How long the service took to stop; 0 while it has not."),
		failures: describe("orchestrator_service_goroutine_failures_total", "Goroutines of the service that panicked or ended with an error before its stop."),
	}
}

// Describe sends the three descriptions.
func (s *ServiceTimes) Describe(out chan<- *prometheus.Desc) {
	out <- s.start
	out <- s.stop
	out <- s.failures
}

// Collect sends the figures in the order of the snapshot.
func (s *ServiceTimes) Collect(out chan<- prometheus.Metric) {
	for _, t := range s.snapshot() {
		out <- prometheus.MustNewConstMetric(s.start, prometheus.GaugeValue, t.Start.Seconds(), t.Service)
		out <- prometheus.MustNewConstMetric(s.stop, prometheus.GaugeValue, t.Stop.Seconds(), t.Service)
		out <- prometheus.MustNewConstMetric(s.failures, prometheus.CounterValue, float64(t.Failures), t.Service)
	}
}
