package otelbus_test

import (
	"context"
	"testing"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
)

type sum struct{ A, B int64 }

// guard is an observer that does nothing but look whether anything records: what
// cannot be spared by code that wants to know.
var guard = bus.Observer{
	Before: func(ctx context.Context, _ bus.Info) context.Context {
		if trace.SpanFromContext(ctx).IsRecording() {
			panic("recording")
		}
		return ctx
	},
	After: func(ctx context.Context, _ bus.Info, _ error) {
		if trace.SpanFromContext(ctx).IsRecording() {
			panic("recording")
		}
	},
}

// nested runs f within a root call, with a nested call to make.
func nested(tb testing.TB, root context.Context, f func(call func()), observers ...bus.Observer) {
	tb.Helper()
	n := membus.New(bus.Options{Observers: observers})
	add, run := bus.NewAction[sum, int64]("math.add"), bus.NewAction[struct{}, struct{}]("outer.run")
	add.Handle(n.View("math"), func(_ context.Context, s sum) (int64, error) { return s.A + s.B, nil })
	view := n.View("outer")
	run.Handle(view, func(ctx context.Context, _ struct{}) (struct{}, error) {
		f(func() {
			if got, err := add.Call(ctx, view, sum{1, 2}); got != 3 || err != nil {
				tb.Errorf("%d, %v", got, err)
			}
		})
		return struct{}{}, nil
	})
	if _, err := run.With(bus.Timeout(time.Hour)).Call(root, n.View("bench"), struct{}{}); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkNested is a nested call: plain, with the guard alone, in a trace that is
// not recorded (begun here, begun elsewhere), and in one that is.
func BenchmarkNested(b *testing.B) {
	run := func(name string, root context.Context, observers ...bus.Observer) {
		b.Run(name, func(b *testing.B) {
			nested(b, root, func(call func()) {
				b.ReportAllocs()
				for b.Loop() {
					call()
				}
			}, observers...)
		})
	}
	ctx := context.Background()
	far := otelbus.Propagator{}.Extract(ctx, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
	never := sdk.NewTracerProvider(sdk.WithSampler(sdk.NeverSample()))
	always := sdk.NewTracerProvider(sdk.WithSampler(sdk.AlwaysSample()))
	_, spanned := never.Tracer("bench").Start(ctx, "above")
	run("plain", ctx)
	run("plainInSpan", trace.ContextWithSpan(ctx, spanned))
	run("guard", far, guard)
	run("unsampledFar", far, otelbus.Observer(never))
	run("unsampledHere", ctx, otelbus.Observer(never))
	run("sampled", ctx, otelbus.Observer(always))
}
