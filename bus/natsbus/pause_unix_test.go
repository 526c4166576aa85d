//go:build unix

package natsbus

import (
	"context"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// Proves: R-36 (a process that is stopped and goes on, as when its machine sleeps:
// calls to it end by their deadline meanwhile; it connects again, has one
// subscription, serves, and handles nothing twice, neither a request nor an event).
func TestPausedProcess(t *testing.T) {
	s := testnats.Start(t, func(o *server.Options) { o.PingInterval, o.MaxPingsOut = pings(), 2 })
	paused := startChild(t, s.URL())
	shop := newNode(t, s.URL(), nil).View("shop")
	load := startLoad(t, shop)
	until(t, "calls are served", func() bool { return load.ledger.succeeded() >= 100 })

	signal(t, paused.Process.Pid, syscall.SIGSTOP)
	began := time.Now()
	until(t, "the server gives the process up", func() bool { return s.Subscriptions(t, "platform.ledger.>") == 0 })
	_ = pause(t.Context(), time.Until(began.Add(scaled(time.Second, 30*time.Second))))
	signal(t, paused.Process.Pid, syscall.SIGCONT)
	lasted, back, before := time.Since(began), time.Now(), load.ledger.succeeded()
	until(t, "calls are served again", func() bool { return load.ledger.succeeded() >= before+20 })
	recovered := time.Since(back)
	load.stop()

	until(t, "one subscription", func() bool { return s.Subscriptions(t, "platform.ledger.>") == 1 })
	kept, err := recall.Call(t.Context(), shop, note{})
	if err != nil {
		t.Fatal(err)
	}
	twice, lost := load.compare(kept)
	calls, failed := load.ledger.calls()
	t.Logf("FIGURE R-36 paused_ms=%d recovered_ms=%d calls=%d failed=%d handled=%d late=%d over_ms=%d events=%d events_handled=%d twice=%d answered_and_not_handled=%d",
		lasted.Milliseconds(), recovered.Milliseconds(), calls, failed, len(kept.Requests), load.ledger.late, load.ledger.over.Milliseconds(),
		load.number.Load(), len(kept.Events), twice, lost)
	load.ledger.check(t)
	if twice > 0 || lost > 0 {
		t.Errorf("%d numbers were handled twice, %d were answered and not handled", twice, lost)
	}
	if recovered > 10*time.Second {
		t.Errorf("calls are served %s after the process goes on", recovered)
	}
}

func signal(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}

// traffic calls and emits with a new number each time.
type traffic struct {
	number   atomic.Int64
	ledger   *ledger
	stop     func()
	mu       sync.Mutex
	answered []int
}

func startLoad(t *testing.T, b *bus.Bus) *traffic {
	t.Helper()
	l := &traffic{ledger: newLedger()}
	l.stop = keepCalling(4, l.ledger, 300*time.Millisecond, func(ctx context.Context) error {
		n := int(l.number.Add(1))
		if err := noticed.Emit(ctx, b, note{Number: n}); err != nil {
			t.Errorf("an emit ended with %v", err)
		}
		_, err := record.Call(ctx, b, note{Number: n})
		if err == nil {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.answered = append(l.answered, n)
		}
		_ = pause(ctx, 5*time.Millisecond)
		return err
	})
	t.Cleanup(l.stop)
	return l
}

// compare counts what was handled more than once, and what was answered and is not
// among what was handled.
func (l *traffic) compare(kept recorded) (twice, lost int) {
	for _, handled := range []map[int]int{kept.Requests, kept.Events} {
		for _, times := range handled {
			if times > 1 {
				twice++
			}
		}
	}
	for _, n := range l.answered {
		if kept.Requests[n] == 0 {
			lost++
		}
	}
	return twice, lost
}
