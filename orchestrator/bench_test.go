package orchestrator_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/orchestrator"
)

// BenchmarkStartToReady runs a program with five services from the parsing of
// its manifest to ready and to its end, in process, and prints medians. The goal
// for the start is 25 ms.
func BenchmarkStartToReady(b *testing.B) {
	var all []*fixture
	for _, name := range []string{"apps", "delivery", "inventory", "payments", "pricing"} {
		_, handle := echo(name)
		all = append(all, &fixture{name: name, make: handle})
	}
	linked := binary(b, "dev", all...)
	var ready, stopped []time.Duration
	for b.Loop() {
		r := newRig(b, linked)
		ctx, cancel := context.WithCancel(context.Background())
		begun := time.Now()
		var at time.Time
		r.options.Ready = func(string) { at = time.Now(); cancel() }
		if code := orchestrator.Run(ctx, linked, r.options); code != 0 {
			b.Fatalf("exit code %d:\n%s", code, r.stderr)
		}
		ready, stopped = append(ready, at.Sub(begun)), append(stopped, time.Since(at))
		cancel()
	}
	fmt.Printf("FIGURE start.inprocess ready_ms=%.2f stopped_ms=%.2f\n", middle(ready), middle(stopped))
}

// middle is the median in milliseconds.
func middle(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}
