//go:build unix

package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// load is one thing whose cost is compared.
type load struct {
	name  string
	steps int
	run   func(steps int)
}

// BenchmarkBudget compares local calls with what the machine itself charges: an
// interface call, two reads of the clock, a round trip through JSON. All run in
// turns in one process and are measured in processor time, so that a busy machine
// does not decide. It prints medians.
func BenchmarkBudget(b *testing.B) {
	// A root's frame is garbage. The heap of a test is 4 MB, that of a process 16
	// and more; so the collector runs here as often as it does there.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	view, add := addNode(b)
	within(b, view, func(ctx context.Context) {
		loads := append(calls(b, ctx, view, add), copies(b, ctx, view)...)
		loads = append(loads, events(b)...)
		for range b.N {
			ns := medians(b, loads)
			for i, l := range loads {
				b.ReportMetric(ns[i], l.name+"-cpu-ns")
			}
			fmt.Printf("FIGURE bus.local iface=%.1f clock2=%.1f nested=%.1f nested_over=%.1f root=%.1f root_over=%.1f policy=%.1f parallel_ratio=%.2f\n",
				ns[0], ns[1], ns[2], ns[2]-ns[0]-ns[1], ns[3], ns[3]-ns[2], ns[4], ns[5]/ns[2])
			fmt.Printf("FIGURE bus.event emit=%.1f handled=%.1f\n", ns[8], ns[9])
			fmt.Printf("FIGURE bus.copy copied=%.0f json=%.0f ratio=%.3f\n", ns[6]-ns[2], ns[7], (ns[6]-ns[2])/ns[7])
		}
	})
}

// calls are the floor and the kinds of local calls.
func calls(tb testing.TB, ctx context.Context, view *Bus, add *Action[sum, total]) []load {
	tb.Helper()
	limited, base := add.With(Timeout(time.Minute)), time.Now()
	call := func(a *Action[sum, total], ctx context.Context) func(int) {
		return func(steps int) {
			var last int64
			for i := range steps {
				res, err := a.Call(ctx, view, sum{int64(i), 1})
				if err != nil {
					tb.Error(err)
				}
				last = res.Sum
			}
			_ = last
		}
	}
	nested := call(add, ctx)
	const steps = 200_000
	return []load{
		{"iface", steps, func(steps int) {
			for i := range steps {
				res, _ := plain.Add(ctx, sum{int64(i), 1})
				sink = res.Sum
			}
		}},
		{"clock", steps, func(steps int) {
			for range steps {
				from := time.Since(base)
				sink = int64(time.Since(base) - from)
			}
		}},
		{"nested", steps, nested},
		{"root", steps, call(add, context.Background())},
		{"policy", steps, call(limited, ctx)},
		{"parallel", steps, func(steps int) {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { nested(steps / 2) })
			}
			both.Wait()
		}},
	}
}

// copies are a call with a request of fifty lines, and what its copy replaces.
func copies(tb testing.TB, ctx context.Context, view *Bus) []load {
	tb.Helper()
	count := NewAction[cart, total]("math.count")
	count.Handle(view.node.View("math"), func(_ context.Context, req cart) (total, error) {
		return total{int64(len(req.Lines))}, nil
	})
	req := fiftyLines()
	return []load{
		{"cart", 2000, func(steps int) {
			for range steps {
				if _, err := count.Call(ctx, view, req); err != nil {
					tb.Error(err)
				}
			}
		}},
		{"json", 500, func(steps int) {
			for range steps {
				body, err := json.Marshal(req)
				if err != nil {
					tb.Error(err)
				}
				var out cart
				if err := json.Unmarshal(body, &out); err != nil {
					tb.Error(err)
				}
			}
		}},
	}
}

// events are the emitter's part, whose events are thrown away, and events all the
// way through queue and handler.
func events(tb testing.TB) []load {
	tb.Helper()
	const steps = 100 * DefaultQueue
	ctx, queued, handled := context.Background(), NewEvent[sum]("math.queued"), NewEvent[sum]("math.handled")
	node := NewNode(Options{Logger: slog.New(slog.DiscardHandler)})
	view, gate := node.View("bench"), make(chan struct{})
	tb.Cleanup(func() { close(gate) })
	queued.Subscribe(node.View("busy"), func(context.Context, sum) error { <-gate; return nil })
	handled.Subscribe(node.View("idle"), func(context.Context, sum) error { return nil })
	emit := func(e *Event[sum], steps int) {
		for i := range steps {
			if err := e.Emit(ctx, view, sum{int64(i), 1}); err != nil {
				tb.Error(err)
			}
		}
	}
	again := func(service string) {
		node.Hold(service)
		if err := node.Release(service); err != nil {
			tb.Error(err)
		}
	}
	return []load{
		{"emit", steps, func(steps int) {
			for range steps / DefaultQueue {
				emit(queued, DefaultQueue)
				again("busy")
			}
		}},
		{"event", steps, func(steps int) {
			for range steps / DefaultQueue {
				emit(handled, DefaultQueue)
				if err := node.Settle(ctx, "idle"); err != nil {
					tb.Error(err)
				}
				again("idle")
			}
		}},
	}
}

// medians runs every load in turns and gives the median processor time of one step
// of each, in nanoseconds.
func medians(tb testing.TB, loads []load) []float64 {
	const rounds = 9
	took := make([][]float64, len(loads))
	for range rounds {
		for i, l := range loads {
			from := processorTime(tb)
			l.run(l.steps)
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

// processorTime is what this process has used so far.
func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
