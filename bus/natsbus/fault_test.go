package natsbus

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// long runs the fault tests at the length of a nightly run.
var long = flag.Bool("long", false, "run the fault tests for minutes instead of seconds")

// scaled is the short figure, or the long one with -long.
func scaled[T any](short, forLong T) T {
	if *long {
		return forLong
	}
	return short
}

// tooLate is how long after its deadline a call may end here. The promise is
// 50 ms; a busy machine may not give the caller the processor sooner.
const tooLate = time.Second

// ledger counts how calls ended, by code; "late" is its own column.
type ledger struct {
	mu      sync.Mutex
	ended   map[bus.Code]int
	late    int
	slack   time.Duration // how much more than tooLate is not late
	over    time.Duration // the longest time after a deadline
	example map[bus.Code]error
}

func newLedger() *ledger { return &ledger{ended: map[bus.Code]int{}, example: map[bus.Code]error{}} }

func (l *ledger) note(err error, over time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	code := bus.CodeOf(err)
	l.ended[code]++
	if err != nil {
		l.example[code] = err
	}
	l.over = max(l.over, over)
	if over > tooLate+l.slack {
		l.late++
	}
}

func (l *ledger) calls() (total, failed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for code, n := range l.ended {
		total += n
		if code != bus.OK {
			failed += n
		}
	}
	return total, failed
}

func (l *ledger) succeeded() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended[bus.OK]
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for code, n := range l.ended {
		fmt.Fprintf(&b, "%s=%d ", code, n)
	}
	return b.String()
}

// callers keeps n calls in flight until the returned function is called.
func keepCalling(n int, l *ledger, limit time.Duration, call func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for ctx.Err() == nil {
				each, cancel := context.WithTimeout(context.Background(), limit)
				began := time.Now()
				err := call(each)
				cancel()
				l.note(err, time.Since(began)-limit)
			}
		})
	}
	return func() { cancel(); wg.Wait() }
}

// handling is how long a handler takes: longer than a client takes to close.
const handling = 20 * time.Millisecond

// gently answers after a little while, on a goroutine like every handler.
func gently(n *bus.Node) {
	ask.Handle(n.View("oracle"), func(ctx context.Context, q question) (reading, error) {
		return reading{Text: q.Text}, pause(ctx, handling)
	})
}

// Proves: R-11 (one of two instances stops under load, again and again: nothing
// is lost, nothing refused).
func TestStopOneOfTwo(t *testing.T) {
	s := testnats.Start(t)
	newNode(t, s.URL(), gently)
	shop := newNode(t, s.URL(), nil).View("shop")
	l := newLedger()
	stop := keepCalling(100, l, 5*time.Second, func(ctx context.Context) error {
		_, err := ask.Call(ctx, shop, question{Text: "x"})
		return err
	})
	stops := scaled(40, 200)
	for range stops {
		n := newNode(t, s.URL(), gently)
		for requests(n) < 20 {
			awaitCall(t, shop)
		}
		if err := errors.Join(n.Drain(t.Context()), n.Close(t.Context())); err != nil {
			t.Error(err)
		}
	}
	stop()
	total, failed := l.calls()
	t.Logf("FIGURE R-11 stops=%d calls=%d lost_or_refused=%d late=%d", stops, total, failed, l.late)
	if failed > 0 || l.late > 0 {
		t.Errorf("%s late=%d, for example %v", l, l.late, l.example)
	}
}

func awaitCall(t *testing.T, b *bus.Bus) {
	t.Helper()
	if _, err := ask.Call(t.Context(), b, question{}); err != nil {
		t.Error(err)
	}
}

// The harness above must be able to see a loss: with nc.Drain, which returns
// before it is done, in place of ours it does.
func TestStopOneOfTwoSeesTheLossOfANaiveDrain(t *testing.T) {
	s := testnats.Start(t)
	respond := func(nc *nats.Conn, served *atomic.Int64) {
		_, err := nc.QueueSubscribe("platform.oracle.>", "oracle", func(msg *nats.Msg) {
			go func() {
				if pause(context.Background(), handling) == nil {
					served.Add(1)
					msg.Respond([]byte(`{"text":"x"}`))
				}
			}()
		})
		if err := errors.Join(err, nc.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	respond(client(t, s), new(atomic.Int64))
	shop := newNode(t, s.URL(), nil).View("shop")
	l := newLedger()
	stop := keepCalling(100, l, 300*time.Millisecond, func(ctx context.Context) error {
		_, err := ask.Call(ctx, shop, question{Text: "x"})
		return err
	})
	for range 10 {
		nc, served := client(t, s), new(atomic.Int64)
		respond(nc, served)
		for served.Load() < 20 {
			ask.Call(t.Context(), shop, question{}) // may be lost, that is the point
		}
		if err := nc.Drain(); err != nil {
			t.Error(err)
		}
		for nc.Status() != nats.CLOSED {
			ask.Call(t.Context(), shop, question{})
		}
	}
	stop()
	total, failed := l.calls()
	t.Logf("FIGURE R-11.naive stops=10 calls=%d lost_or_refused=%d", total, failed)
	if failed == 0 {
		t.Error("no call was lost: the harness would not notice a bad drain")
	}
}

// cutOff notes the calls in flight that a loss ended.
type cutOff struct {
	mu    sync.Mutex
	count int
	last  time.Time
}

func (c *cutOff) note(err error) {
	if errors.Is(err, bus.ErrOutcomeUnknown) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.count, c.last = c.count+1, time.Now()
	}
}

// since is how long after t the last of them ended, and how many there were so far.
func (c *cutOff) since(t time.Time) (time.Duration, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last.Sub(t), c.count
}

// Proves: R-30, B12 (the server is killed and comes back under load: every call
// ends by its deadline, those in flight as soon as the loss is noticed, and soon
// after the return all succeed).
func TestServerIsKilledUnderLoad(t *testing.T) {
	p := testnats.StartProcess(t)
	callee := newNode(t, p.URL(), gently)
	node := newNode(t, p.URL(), nil)
	shop := node.View("shop")
	l, cut := newLedger(), &cutOff{}
	stop := keepCalling(10, l, 2*time.Second, func(ctx context.Context) error {
		_, err := ask.Call(ctx, shop, question{Text: "x"})
		if cut.note(err); err != nil { // 10 callers must not spin while nobody is there
			_ = pause(ctx, 10*time.Millisecond)
		}
		return err
	})
	var recovery, ending, refusal, served time.Duration
	kills, load, calls := scaled(5, 60), scaled(200, 2000), 0
	for range kills {
		awaitSuccess(t, shop)
		began, before := time.Now(), l.succeeded()
		until(t, "calls under load", func() bool { return l.succeeded() >= before+load })
		served, calls = served+time.Since(began), calls+l.succeeded()-before
		p.Kill()
		until(t, "the loss is noticed", func() bool { return !node.Connected() })
		noticed := time.Now()
		refusal = max(refusal, refusedAt(t, shop))
		until(t, "the callee notices", func() bool { return !callee.Connected() })
		late, _ := cut.since(noticed)
		ending = max(ending, late)
		p.Restart()
		back := time.Now()
		awaitSuccess(t, shop)
		recovery = max(recovery, time.Since(back))
	}
	stop()
	total, failed := l.calls()
	_, ended := cut.since(time.Now())
	rate := float64(calls) / served.Seconds()
	t.Logf("FIGURE R-30 kills=%d rate_per_s=%.0f calls=%d failed=%d in_flight_ended=%d ended_after_ms=%d refused_us=%d late=%d over_ms=%d longest_recovery_ms=%d", kills, rate,
		total, failed, ended, ending.Milliseconds(), refusal.Microseconds(), l.late, l.over.Milliseconds(), recovery.Milliseconds())
	l.check(t)
	if rate < 150 {
		t.Errorf("%.0f calls a second were served between the kills: this is no load", rate)
	}
	if ended < kills || ending > tooLate {
		t.Errorf("%d calls in flight were ended in %d kills, the last %s after the loss was noticed", ended, kills, ending)
	}
	if recovery > 5*time.Second {
		t.Errorf("calls failed until %s after the server was back", recovery)
	}
	if n := p.Subscriptions(t, "platform.oracle.>"); n != 1 {
		t.Errorf("the server knows %d subscriptions of the service, want 1", n)
	}
}

// refusedAt makes a call while it is known that the server has gone, and gives how
// long it took. The promise is 1 ms.
func refusedAt(t *testing.T, b *bus.Bus) time.Duration {
	t.Helper()
	began := time.Now()
	_, err := ask.Call(t.Context(), b, question{})
	took := time.Since(began)
	if bus.CodeOf(err) != bus.Unavailable || took > tooLate {
		t.Errorf("a call while disconnected ended after %s with %v", took, err)
	}
	return took
}

// A node whose server has gone has nothing to wait for: its drain ends immediately.
func TestDrainWithoutServer(t *testing.T) {
	s := testnats.Start(t)
	n := newNode(t, s.URL(), gently)
	awaitSuccess(t, n.View("shop"))
	s.Stop()
	for n.Connected() {
		_ = pause(t.Context(), time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := n.Drain(ctx); err != nil {
		t.Errorf("Drain: %v", err)
	}
	if err := n.Close(ctx); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func awaitSuccess(t *testing.T, b *bus.Bus) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	// A first answer in a cluster may be lost while the servers tell each other
	// who subscribes: no attempt may take all the time.
	brief := ask.With(bus.Timeout(500 * time.Millisecond))
	for {
		_, err := brief.Call(ctx, b, question{})
		if err == nil {
			return
		}
		if pause(ctx, 5*time.Millisecond) != nil {
			t.Fatalf("no call succeeded: %v", err)
		}
	}
}

// Proves: R-34, S-01 (wrong credentials end the start with a message of their own,
// without the secret).
func TestWrongCredentials(t *testing.T) {
	s := testnats.Start(t, func(o *server.Options) { o.Authorization = "right" })
	for name, c := range map[string]Config{
		"token":    {URL: s.URL(), Token: "wr0ng-s3cret"},
		"password": {URL: strings.Replace(s.URL(), "nats://", "nats://me:wr0ng-s3cret@", 1)},
		"none":     {URL: s.URL()},
	} {
		var log strings.Builder
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		tr, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		err = tr.Start(t.Context(), bus.NewNode(bus.Options{}))
		if err == nil || !strings.Contains(err.Error(), "Authorization") {
			t.Errorf("%s: %v", name, err)
		}
		if text := fmt.Sprint(err, log.String(), fmt.Sprintf("%+v %#v", c.Token, c.Token)); strings.Contains(text, "s3cret") {
			t.Errorf("%s: the secret shows: %s", name, text)
		}
	}
	newNode(t, s.URL(), nil, func(c *Config) { c.Token = "right" })
}
