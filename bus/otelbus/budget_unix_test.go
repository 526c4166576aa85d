//go:build unix

package otelbus_test

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
)

// load is a nested call in one kind of trace.
type load struct {
	name      string
	steps     int
	root      context.Context
	observers []bus.Observer
}

// BenchmarkBudget compares nested calls: plain, with an observer that does nothing,
// with one that only looks whether a span records, with tracing that is not sampled,
// and with tracing that is. The middle two are there over a frame, and in a context
// with a span, which the bus has to look through. All run in turns and are measured
// in processor time, so that a busy machine does not decide. It prints medians.
func BenchmarkBudget(b *testing.B) {
	never, always := sdk.NewTracerProvider(sdk.WithSampler(sdk.NeverSample())), sdk.NewTracerProvider()
	here := context.Background()
	far := otelbus.Propagator{}.Extract(here, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
	const steps = 50_000
	loads := []load{
		{"plain", steps, far, nil},
		{"guard", steps, far, []bus.Observer{guard}},
		{"unsampled", steps, far, []bus.Observer{otelbus.Observer(never)}},
		{"guard-in-span", steps, here, []bus.Observer{spanning}},
		{"unsampled-in-span", steps, here, []bus.Observer{otelbus.Observer(never)}},
		{"idle", steps, far, []bus.Observer{idle}},
		{"sampled", steps / 20, here, []bus.Observer{otelbus.Observer(always)}},
	}
	for range b.N {
		within(b, loads, nil, func(calls []func()) {
			ns := medians(b, loads, calls)
			for i, l := range loads {
				b.ReportMetric(ns[i], l.name+"-cpu-ns")
			}
			fmt.Printf("FIGURE bus.tracing plain=%.1f idle=%.1f guard=%.1f unsampled=%.1f unsampled_over_guard=%.1f in_span_over_guard=%.1f sampled=%.0f\n",
				ns[0], ns[5], ns[1], ns[2], ns[2]-ns[1], ns[4]-ns[3], ns[6])
		})
	}
}

// idle is what the bus charges for an observer that does nothing.
var idle = bus.Observer{
	Before: func(ctx context.Context, _ bus.Info) context.Context { return ctx },
	After:  func(context.Context, bus.Info, error) {},
}

// spanning is guard, but for the root call, to whose context it adds a span that does
// not record, as tracing does where it begins a trace that is not sampled.
var spanning = bus.Observer{
	Before: func(ctx context.Context, i bus.Info) context.Context {
		if i.Caller == "bench" {
			return otelbus.Propagator{}.Extract(ctx, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
		}
		return guard.Before(ctx, i)
	},
	After: guard.After,
}

// within opens a root call for each load, and runs f with the nested calls to make.
func within(tb testing.TB, loads []load, calls []func(), f func(calls []func())) {
	tb.Helper()
	if len(loads) == 0 {
		f(calls)
		return
	}
	nested(tb, loads[0].root, func(call func()) {
		within(tb, loads[1:], append(calls, call), f)
	}, loads[0].observers...)
}

// medians runs every load in turns and gives the median processor time of one call
// of each, in nanoseconds.
func medians(tb testing.TB, loads []load, calls []func()) []float64 {
	const rounds = 9
	took := make([][]float64, len(loads))
	for range rounds {
		for i, l := range loads {
			from := processorTime(tb)
			for range l.steps {
				calls[i]()
			}
			took[i] = append(took[i], float64(processorTime(tb)-from)/float64(l.steps))
		}
	}
	middle := make([]float64, len(loads))
	for i := range took {
		slices.Sort(took[i])
		middle[i] = took[i][rounds/2]
	}
	return middle
}

func processorTime(tb testing.TB) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
