package bus

import (
	"context"
	"sync/atomic"
	"testing"
)

// eventNode has subscribers that do nothing.
func eventNode(b *testing.B, subscribers int) (*Event[sum], *Node, func() uint64) {
	b.Helper()
	n := NewNode(Options{})
	e := NewEvent[sum]("bench.happened")
	for i := range subscribers {
		e.Subscribe(n.View("service"+string(rune('a'+i))), func(_ context.Context, s sum) error {
			return nil
		})
	}
	if err := n.Check(); err != nil {
		b.Fatal(err)
	}
	return e, n, func() (total uint64) {
		if err := n.Drain(context.Background()); err != nil {
			b.Fatal(err)
		}
		for _, s := range n.EventStats().Subscribers {
			total += s.Delivered
		}
		return total
	}
}

// settled waits until all events that were emitted are handled, so that none that follow
// meet a full queue.
func settled(n *Node) {
	for busy := n.unsettled(); busy != nil; busy = n.unsettled() {
		<-busy
	}
}

func benchEvents(b *testing.B, subscribers int) {
	e, n, drain := eventNode(b, subscribers)
	ctx, view := context.Background(), n.View("bench")
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := e.Emit(ctx, view, sum{int64(i), 1}); err != nil {
			b.Fatal(err)
		}
		if i%DefaultQueue == DefaultQueue-1 {
			settled(n)
		}
	}
	got := drain()
	b.StopTimer()
	if got != uint64(b.N*subscribers) {
		b.Fatalf("%d of %d were delivered", got, b.N*subscribers)
	}
}

// BenchmarkEvent is an event through queue and handler, counters and deadline on.
func BenchmarkEvent(b *testing.B) { benchEvents(b, 1) }

// BenchmarkEventThree is one event for three subscribers.
func BenchmarkEventThree(b *testing.B) { benchEvents(b, 3) }

// BenchmarkEmitQueued is the emitter's part: the subscriber is busy meanwhile.
func BenchmarkEmitQueued(b *testing.B) {
	n := NewNode(Options{})
	e := NewEvent[sum]("bench.happened")
	var gate atomic.Pointer[chan struct{}]
	e.Subscribe(n.View("service"), func(context.Context, sum) error {
		if g := gate.Load(); g != nil {
			<-*g
		}
		return nil
	}, QueueSize(1<<16))
	view, ctx := n.View("bench"), context.Background()
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; {
		b.StopTimer()
		if err := n.Settle(ctx, "service"); err != nil {
			b.Fatal(err)
		}
		if err := n.Release("service"); err != nil {
			b.Fatal(err)
		}
		g := make(chan struct{})
		gate.Store(&g)
		b.StartTimer()
		for range min(1<<16, b.N-done) {
			if err := e.Emit(ctx, view, sum{1, 2}); err != nil {
				b.Fatal(err)
			}
			done++
		}
		b.StopTimer()
		gate.Store(nil)
		close(g)
		b.StartTimer()
	}
}
