package metrics

import (
	"cmp"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// States are the states of a service, in the order it goes through them; a service that fails ends in the last.
var States = [...]string{"New", "Starting", "Running", "Stopping", "Terminated", "Failed"}

// NewRegistry makes a registry that shows the Go runtime and the process. Each call makes another: nothing is global.
func NewRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// Build is what a binary was made of. An empty field reads "unknown".
type Build struct {
	Variant   string // the selection that config.yml names
	Revision  string // of the source; defaults to the one the Go command recorded, if it did
	GoVersion string // defaults to the running runtime's
	Digest    string // of the selection
}

// NewBuildInfo makes orchestrator_build_info, which is always 1 and says what runs in its labels.
func NewBuildInfo(b Build) prometheus.Collector {
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "orchestrator_build_info",
		Help: "What this binary was built from, in the labels; always 1.",
		ConstLabels: prometheus.Labels{
			"variant":   cmp.Or(b.Variant, "unknown"),
			"revision":  cmp.Or(b.Revision, Revision(), "unknown"),
			"goversion": cmp.Or(b.GoVersion, runtime.Version()),
			"digest":    cmp.Or(b.Digest, "unknown"),
		},
	})
	info.Set(1)
	return info
}

// Revision is the one of the source that the Go command recorded in this binary, empty if it did not.
func Revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

// NewSelectionStale makes orchestrator_selection_stale: Set it to 1 when the binary disagrees with the selection in the
// config.yml it reads. It begins at 0.
func NewSelectionStale() prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "orchestrator_selection_stale",
		Help: "1 when this binary was built from another selection than the one in config.yml, else 0.",
	})
}

// ServiceStates is a prometheus.Collector of the services' states. Make it with NewServiceStates.
type ServiceStates struct {
	snapshot func() map[string]string
	desc     *prometheus.Desc
}

// NewServiceStates makes orchestrator_service_state: per service one series for each of States, 1 for the one it is in.
// snapshot maps services to their states; it is called once per scrape and must be quick and safe to call at any time.
func NewServiceStates(snapshot func() map[string]string) *ServiceStates {
	return &ServiceStates{snapshot: snapshot, desc: prometheus.NewDesc("orchestrator_service_state",
		"1 for the state that the service is in, 0 for the others.", []string{"service", "state"}, nil)}
}

// Describe sends the one description.
func (s *ServiceStates) Describe(out chan<- *prometheus.Desc) { out <- s.desc }

// Collect sends the states, sorted by service.
func (s *ServiceStates) Collect(out chan<- prometheus.Metric) {
	now := s.snapshot()
	for _, service := range slices.Sorted(maps.Keys(now)) {
		for _, state := range States {
			value := 0.0
			if state == now[service] {
				value = 1
			}
			out <- prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, value, service, state)
		}
	}
}
