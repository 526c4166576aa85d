package bus

import (
	"context"
	"testing"
	"time"
)

// BenchmarkPolicies is a nested call through each policy, alone and on both
// processors; BenchmarkNested is the same without one.
func BenchmarkPolicies(b *testing.B) {
	n := NewNode(Options{})
	add := NewAction[sum, total]("math.add", Idempotent())
	add.Handle(n.View("math"), direct{}.Add)
	view := n.View("bench")
	all := []Policy{
		Retry(RetryPolicy{}), Breaker(BreakerPolicy{}), Bulkhead(BulkheadPolicy{}), Cache(CachePolicy{TTL: time.Hour}),
	}
	within(b, view, func(ctx context.Context) {
		for i, name := range []string{"retry", "breaker", "bulkhead", "cachehit"} {
			bound := add.With(all[i])
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					if _, err := bound.Call(ctx, view, sum{1, 2}); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(name+"/parallel", func(b *testing.B) {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if _, err := bound.Call(ctx, view, sum{1, 2}); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
	})
}
