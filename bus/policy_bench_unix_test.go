//go:build unix

package bus

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// BenchmarkPolicies is what each policy adds to a nested call that it has nothing to
// say about, alone and with both processors in it, and what an answer from a cache
// and a goroutine per call cost. Processor time, in turns, like BenchmarkBudget.
func BenchmarkPolicies(b *testing.B) {
	n := NewNode(Options{})
	add, apart := NewAction[sum, total]("math.add", Idempotent()), NewAction[sum, total]("math.apart", Detached())
	add.Handle(n.View("math"), direct{}.Add)
	apart.Handle(n.View("math"), direct{}.Add)
	view := n.View("bench")
	within(b, view, func(ctx context.Context) {
		loads := []load{nestedCalls(b, ctx, view, "plain", add, 100_000)}
		for name, policy := range map[string]Policy{
			"retry": Retry(RetryPolicy{}), "breaker": Breaker(BreakerPolicy{}), "bulkhead": Bulkhead(BulkheadPolicy{}),
			"cache_hit": Cache(CachePolicy{TTL: time.Hour}),
		} {
			alone := nestedCalls(b, ctx, view, name, add.With(policy), 20_000)
			loads = append(loads, alone, together(alone))
		}
		loads = append(loads, nestedCalls(b, ctx, view, "detached", apart, 5_000))
		for range b.N {
			for i, ns := range medians(b, loads) {
				b.ReportMetric(ns, loads[i].name+"-cpu-ns")
				fmt.Printf("FIGURE bus.policy.%s ns=%.1f\n", loads[i].name, ns)
			}
		}
	})
}

func nestedCalls(tb testing.TB, ctx context.Context, view *Bus, name string, a *Action[sum, total], steps int) load {
	tb.Helper()
	return load{name, steps, func(steps int) {
		for range steps {
			if _, err := a.Call(ctx, view, sum{1, 2}); err != nil {
				tb.Error(err)
			}
		}
	}}
}

// together is the same load from two goroutines.
func together(l load) load {
	return load{l.name + "_parallel", l.steps, func(steps int) {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { l.run(steps / 2) })
		}
		both.Wait()
	}}
}
