package process

import (
	"cmp"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/shopanaio/orchestrator/orchestrator/metrics"
)

// metrics is what /metrics shows: the runtime, the bus, and the process's own.
func (p *process) metrics() prometheus.Gatherer {
	stale := metrics.NewSelectionStale()
	if len(p.plan.stale) > 0 {
		stale.Set(1)
	}
	// Not the id that was made up: that is another one after each start, and so would be every series.
	id := metrics.Identity{Namespace: p.plan.settings.Namespace, Node: cmp.Or(p.plan.settings.NodeID, p.Manifest.Variant)}
	r := metrics.NewRegistry()
	r.MustRegister(
		metrics.NewBus(p.node, id),
		metrics.NewEvents(p.node, id),
		metrics.NewPolicies(p.node, id),
		metrics.NewNode(p.node, id),
		metrics.NewBuildInfo(metrics.Build{Variant: p.Manifest.Variant, Digest: p.Manifest.Config}),
		metrics.NewServices(p.services),
		metrics.NewDroppedLines(p.droppedLines),
		stale,
	)
	return r
}

func (p *process) services() []metrics.Service {
	var all []metrics.Service
	for _, s := range p.sup.Snapshot() {
		all = append(all, metrics.Service{Service: s.Service, State: s.State.String(), Start: s.Start, Stop: s.Stop, Failures: s.Failures})
	}
	return all
}

func (p *process) droppedLines() map[string]uint64 {
	return map[string]uint64{
		"queue_full": p.out.Full(), "write_failed": p.out.Failed(), "suppressed": p.throttle.kinds.dropped.Load(),
	}
}
