package metrics

import (
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// DroppedLines is a prometheus.Collector of what the log did not say. Make it with NewDroppedLines.
type DroppedLines struct {
	snapshot func() map[string]uint64
	desc     *prometheus.Desc
}

// NewDroppedLines makes orchestrator_log_lines_dropped_total. snapshot maps each reason to its count; it is called once per
// scrape, must be quick and safe to call at any time, and always gives the same reasons.
func NewDroppedLines(snapshot func() map[string]uint64) *DroppedLines {
	return &DroppedLines{snapshot: snapshot, desc: prometheus.NewDesc("orchestrator_log_lines_dropped_total",
		"Lines that are missing in the output, by reason.", []string{"reason"}, nil)}
}

// Describe sends the one description.
func (d *DroppedLines) Describe(out chan<- *prometheus.Desc) { out <- d.desc }

// Collect sends the counts, sorted by reason.
func (d *DroppedLines) Collect(out chan<- prometheus.Metric) {
	now := d.snapshot()
	for _, reason := range slices.Sorted(maps.Keys(now)) {
		out <- prometheus.MustNewConstMetric(d.desc, prometheus.CounterValue, float64(now[reason]), reason)
	}
}
