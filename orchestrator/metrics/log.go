package metrics

import (
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// NewDroppedLines makes orchestrator_log_lines_dropped_total. snapshot maps each reason to its count; it is called once per
// scrape, must be quick and safe to call at any time, and always gives the same reasons.
func NewDroppedLines(snapshot func() map[string]uint64) prometheus.Collector {
	c := &collector{}
	lines := c.describe("orchestrator_log_lines_dropped_total", "Lines that are missing in the output, by reason.", "reason")
	c.read = func(out sink) {
		now := snapshot()
		for _, reason := range slices.Sorted(maps.Keys(now)) {
			out.counter(lines, now[reason], reason)
		}
	}
	return c
}
