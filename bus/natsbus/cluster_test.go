package natsbus

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// repeat is ask as it is declared by who knows that asking twice does no harm.
var repeat = bus.NewAction[question, reading]("oracle.repeat", bus.Idempotent())

// oneRetry tries one more time, and gives a node that has lost its server the time to
// find another.
var oneRetry = bus.Retry(bus.RetryPolicy{
	Attempts: 2, AttemptTimeout: time.Second, Base: time.Second,
	Random: func() float64 { return 0.5 + rand.Float64()/2 },
})

// running are the calls in progress.
type running struct {
	mu     sync.Mutex
	number int
	began  map[int]time.Time
}

// begin notes a call, and gives what notes its end.
func (r *running) begin() (end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.number++
	n := r.number
	r.began[n] = time.Now()
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.began, n)
	}
}

// since reports whether all calls in progress began after t.
func (r *running) since(t time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, began := range r.began {
		if began.Before(t) {
			return false
		}
	}
	return true
}

// Proves: R-33 (three servers leave in turn by lame duck mode under load, and come
// back: every call ends by its deadline, and soon all succeed again. An answer whose
// sender loses its server is lost, and its caller waits for the deadline; with one
// retry nothing is.)
func TestLameDuck(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	cluster := testnats.StartCluster(t, 3)
	var urls []string
	for _, s := range cluster {
		urls = append(urls, s.URL())
	}
	all := strings.Join(urls, ",")
	serve := func(n *bus.Node) {
		gently(n)
		repeat.Handle(n.View("oracle"), func(ctx context.Context, q question) (reading, error) {
			return reading{Text: q.Text}, pause(ctx, handling)
		})
	}
	newNode(t, all, serve)
	newNode(t, all, serve)
	shop := newNode(t, all, nil).View("shop")
	awaitSuccess(t, shop)
	raw, retried := newLedger(), newLedger()
	stopRaw := keepCalling(10, raw, 500*time.Millisecond, func(ctx context.Context) error {
		_, err := ask.Call(ctx, shop, question{Text: "x"})
		if err != nil {
			_ = pause(ctx, 10*time.Millisecond)
		}
		return err
	})
	patient, calls := repeat.With(oneRetry), &running{began: map[int]time.Time{}}
	stopRetried := keepCalling(10, retried, 10*time.Second, func(ctx context.Context) error {
		defer calls.begin()()
		_, err := patient.Call(ctx, shop, question{Text: "x"})
		return err
	})
	var longest time.Duration
	rounds := scaled(1, 10)
	for range rounds {
		longest = max(longest, leaveInTurn(t, cluster, shop, calls))
	}
	stopRaw()
	stopRetried()
	once, failed := raw.calls()
	again, lost := retried.calls()
	t.Logf("FIGURE R-33 servers_left=%d calls=%d lost=%d late=%d over_ms=%d recovery_ms=%d calls_with_retry=%d lost_with_retry=%d late_with_retry=%d", len(cluster)*rounds,
		once, failed, raw.late, raw.over.Milliseconds(), longest.Milliseconds(), again, lost, retried.late)
	raw.check(t)
	retried.check(t)
	if lost > 0 {
		t.Errorf("with one retry %d calls failed, for example with %v", lost, retried.example)
	}
	until(t, "two subscriptions of the service", func() bool { return cluster.Subscriptions(t, "platform.oracle.>") == 2 })
}

// leaveInTurn lets each server leave and come back, and gives the longest time until
// calls succeed without a failure. One retry is for one loss: the next server leaves
// when the calls that the last one may have cost an answer have ended.
func leaveInTurn(t *testing.T, cluster testnats.Cluster, b *bus.Bus, calls *running) (longest time.Duration) {
	t.Helper()
	const row = 50
	for _, s := range cluster {
		s.LameDuck()
		began := time.Now()
		for range row {
			awaitSuccess(t, b)
		}
		longest = max(longest, time.Since(began)-row*handling)
		s.Restart()
		cluster.Await(t)
		until(t, "the calls from before have ended", func() bool { return calls.since(began) })
	}
	if longest > 10*time.Second {
		t.Errorf("calls failed until %s after a server had left", longest)
	}
	return longest
}
