package metrics

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

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
