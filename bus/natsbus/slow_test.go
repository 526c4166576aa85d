package natsbus

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// latencies are how long events took from their emitter to their handler.
type latencies struct {
	mu   sync.Mutex
	took []time.Duration
}

func (l *latencies) note(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, d)
}

func (l *latencies) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.took)
}

// p99 is exceeded by one in a hundred. It forgets what was noted.
func (l *latencies) p99() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.took)
	value := l.took[len(l.took)*99/100]
	l.took = nil
	return value
}

// Proves: R-35 (a subscriber takes a tenth of what comes: the drops are exact and seen
// immediately, the server cuts nobody off. What it costs others is a figure.)
func TestSlowSubscriberHindersNobody(t *testing.T) {
	server := testnats.Start(t)
	l, origin := &latencies{}, time.Now()
	slow := newNode(t, server.URL(), func(n *bus.Node) {
		created.Subscribe(n.View("slow"), func(ctx context.Context, _ order) error {
			return pause(ctx, time.Millisecond)
		}, bus.QueueSize(1000))
		noticed.Subscribe(n.View("quick"), func(_ context.Context, o note) error {
			l.note(time.Since(origin.Add(time.Duration(o.Number))))
			return nil
		}, bus.QueueSize(100_000))
	})
	orders := newNode(t, server.URL(), nil).View("orders")
	stats := func() bus.SubscriberStats { // sorted by event: orders.created comes first
		return slow.EventStats().Subscribers[0]
	}
	published := 0
	flood := func(n int) {
		for range n {
			if err := created.Emit(t.Context(), orders, order{}); err != nil {
				t.Fatal(err)
			}
		}
		published += n
	}
	// run tells quick of one thing in each millisecond, and slow of ten times what it takes.
	rounds, tick := scaled(1000, 60_000), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	run := func(beside int) time.Duration {
		for range rounds {
			<-tick.C
			if err := noticed.Emit(t.Context(), orders, note{Number: int(time.Since(origin))}); err != nil {
				t.Fatal(err)
			}
			flood(beside)
		}
		until(t, "quick has all", func() bool { return l.count() == rounds })
		return l.p99()
	}
	alone := run(0)
	beside := run(10)

	before, began := stats().Dropped[bus.QueueFull], time.Now()
	flood(2500) // more than the queue has room for, whatever it has handled meanwhile
	until(t, "the drops are seen", func() bool { return stats().Dropped[bus.QueueFull] > before })
	alert := time.Since(began)
	accounted := func() uint64 {
		s := stats()
		return s.Delivered + uint64(s.Queued) + s.Dropped[bus.QueueFull] + s.Dropped[bus.SlowConsumer]
	}
	until(t, "all are accounted for", func() bool { return accounted() == uint64(published) })
	if err := slow.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := stats()
	dropped := s.Dropped[bus.QueueFull] + s.Dropped[bus.SlowConsumer]
	t.Logf("FIGURE R-35.others published=%d handled=%d dropped=%d alert_ms=%d p99_alone_us=%d p99_beside_us=%d ratio=%.1f slow_consumers=%d", published,
		s.Delivered, dropped, alert.Milliseconds(), alone.Microseconds(), beside.Microseconds(), float64(beside)/float64(alone), server.NumSlowConsumers())
	if s.Delivered+dropped != uint64(published) || dropped == 0 {
		t.Errorf("%d published, %d handled, %d dropped", published, s.Delivered, dropped)
	}
	if server.NumSlowConsumers() != 0 || alert > 5*time.Second {
		t.Errorf("the server saw %d slow consumers; the drops were seen after %s", server.NumSlowConsumers(), alert)
	}
}
