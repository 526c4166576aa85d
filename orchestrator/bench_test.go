package orchestrator_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/orchestrator"
)

// BenchmarkStartToReady runs a program with five services from the parsing of
// its manifest to ready, in process. The goal is 25 ms.
func BenchmarkStartToReady(b *testing.B) {
	var all []*fixture
	for _, name := range []string{"apps", "delivery", "inventory", "payments", "pricing"} {
		_, handle := echo(name)
		all = append(all, &fixture{name: name, make: handle})
	}
	linked := binary(b, "dev", all...)
	var ready, stopped time.Duration
	for b.Loop() {
		r := newRig(b, linked)
		ctx, cancel := context.WithCancel(context.Background())
		begun := time.Now()
		var at time.Time
		r.options.Ready = func(string) { at = time.Now(); cancel() }
		if code := orchestrator.Run(ctx, linked, r.options); code != 0 {
			b.Fatalf("exit code %d:\n%s", code, r.stderr)
		}
		ready += at.Sub(begun)
		stopped += time.Since(at)
		cancel()
	}
	b.ReportMetric(float64(ready.Microseconds())/float64(b.N)/1000, "ms-to-ready")
	b.ReportMetric(float64(stopped.Microseconds())/float64(b.N)/1000, "ms-to-stopped")
}
