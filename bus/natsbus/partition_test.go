package natsbus

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// pings is how often these tests probe, so that the short form takes seconds.
func pings() time.Duration { return scaled(200*time.Millisecond, 2*time.Second) }

// isle is a node behind a network that can fail, and one that is not.
type isle struct {
	t      *testing.T
	server *testnats.Server
	proxy  *testnats.Proxy
	near   *bus.Node // behind the proxy: calls oracle and serves front
	far    *bus.Node
	oracle *oracle
}

func newIsle(t *testing.T) *isle {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	// The server too has to notice that a client has gone, or what it takes for a member
	// of the queue group gets calls.
	s := testnats.Start(t, func(o *server.Options) { o.PingInterval, o.MaxPingsOut = pings(), 2 })
	i := &isle{t: t, server: s, proxy: testnats.NewProxy(t, strings.TrimPrefix(s.URL(), "nats://"))}
	i.far = newNode(t, s.URL(), func(n *bus.Node) { i.oracle = newOracle(n) })
	i.near = newNode(t, i.proxy.URL(), func(n *bus.Node) {
		enter.Handle(n.View("front"), func(_ context.Context, q question) (reading, error) { return reading{Text: q.Text}, nil })
	}, func(c *Config) { c.PingInterval = pings() })
	awaitSuccess(t, i.near.View("shop"))
	return i
}

// inFlight makes a call that is being served, and gives how it ends.
func (i *isle) inFlight() <-chan error {
	ended := make(chan error, 1)
	go func() {
		_, err := wait.With(bus.Timeout(time.Minute)).Call(context.Background(), i.near.View("shop"), question{})
		ended <- err
	}()
	<-i.oracle.arrived
	return ended
}

// flood makes so many large calls together.
func (i *isle) flood(calls int, l *ledger) {
	text := strings.Repeat("x", 1<<19)
	var all sync.WaitGroup
	for range calls {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), pings())
			defer cancel()
			began := time.Now()
			_, err := ask.Call(ctx, i.near.View("shop"), question{Text: text})
			l.note(err, time.Since(began)-pings())
		})
	}
	i.t.Cleanup(all.Wait)
}

// detected is how long after began a call in flight learnt that the network is gone.
func (i *isle) detected(began time.Time, inFlight <-chan error) time.Duration {
	i.t.Helper()
	if err := <-inFlight; !errors.Is(err, bus.ErrOutcomeUnknown) || bus.CodeOf(err) != bus.Unavailable {
		i.t.Errorf("the call in flight ended with %v", err)
	}
	took := time.Since(began)
	close(i.oracle.release)
	if took > 5*time.Second {
		i.t.Errorf("the loss was noticed after %s", took)
	}
	return took
}

// refused checks that calls fail immediately, again and again, and gives the slowest. The
// promise is 1 ms; a busy machine may not give the caller the processor sooner.
func (i *isle) refused() (slowest time.Duration) {
	i.t.Helper()
	until(i.t, "the node says that it is not connected", func() bool { return !i.near.Connected() })
	for range 50 {
		began := time.Now()
		_, err := ask.Call(i.t.Context(), i.near.View("shop"), question{})
		slowest = max(slowest, time.Since(began))
		if bus.CodeOf(err) != bus.Unavailable || errors.Is(err, bus.ErrOutcomeUnknown) || i.near.Connected() {
			i.t.Fatalf("a call while it is known that the network is gone ended with %v", err)
		}
		_ = pause(i.t.Context(), pings()/10)
	}
	if slowest > tooLate {
		i.t.Errorf("a call while it is known that the network is gone took %s", slowest)
	}
	return slowest
}

// recovered is how long it takes until calls succeed in both directions.
func (i *isle) recovered() time.Duration {
	i.t.Helper()
	began := time.Now()
	awaitSuccess(i.t, i.near.View("shop"))
	until(i.t, "calls to the node succeed", func() bool {
		_, err := enter.With(bus.Timeout(500*time.Millisecond)).Call(i.t.Context(), i.far.View("shop"), question{})
		return err == nil
	})
	took := time.Since(began)
	if took > 10*time.Second {
		i.t.Errorf("calls succeed only %s after the network does", took)
	}
	until(i.t, "one subscription", func() bool { return i.server.Subscriptions(i.t, "platform.front.>") == 1 })
	return took
}

// Proves: R-31 (each way in which a network can fail: the loss is noticed, the call in
// flight ends with its outcome unknown, readiness follows, calls fail immediately, and all
// works again soon after, with one subscription and no goroutine more).
func TestPartition(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault func(*testnats.Proxy)
		ends  bool // by itself, so that the node is soon back
		load  int  // requests of 512 KiB that come with the fault: more than a network that is cut takes in
	}{
		{name: "cut", fault: (*testnats.Proxy).Hold},
		{name: "cut_under_load", fault: (*testnats.Proxy).Hold, load: 32},
		{name: "cut_to_server", fault: func(p *testnats.Proxy) { p.Cut(testnats.ToServer) }},
		{name: "cut_to_client", fault: func(p *testnats.Proxy) { p.Cut(testnats.ToClient) }},
		{name: "delay", fault: func(p *testnats.Proxy) { p.Delay(5 * pings() / 2) }},
		{name: "silence", fault: (*testnats.Proxy).Silence},
		{name: "reset", fault: (*testnats.Proxy).Reset, ends: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newIsle(t)
			l := newLedger()
			if c.load > 0 { // some wait for a write that goes nowhere
				l.slack = pings() / 2
			}
			stop := keepCalling(4, l, pings(), func(ctx context.Context) error {
				_, err := ask.Call(ctx, i.near.View("shop"), question{})
				_ = pause(ctx, 5*time.Millisecond)
				return err
			})
			t.Cleanup(stop)
			inFlight := i.inFlight()
			began := time.Now()
			c.fault(i.proxy)
			i.flood(c.load, l)
			detected := i.detected(began, inFlight)
			slowest := time.Duration(0)
			if !c.ends {
				slowest = i.refused()
			}
			i.proxy.Release()
			recovered := i.recovered()
			stop()
			calls, failed := l.calls()
			t.Logf("FIGURE R-31 fault=%s ping_ms=%d detected_ms=%d refused_us=%d recovered_ms=%d calls=%d failed=%d late=%d over_ms=%d", c.name,
				pings().Milliseconds(), detected.Milliseconds(), slowest.Microseconds(), recovered.Milliseconds(), calls, failed, l.late, l.over.Milliseconds())
			l.check(t)
		})
	}
}

// check reports calls that ended late, or with a code that no loss explains.
func (l *ledger) check(t *testing.T) {
	t.Helper()
	if l.late > 0 {
		t.Errorf("%d calls ended after their deadline, the last %s after it", l.late, l.over)
	}
	for code, err := range l.example {
		if code != bus.Unavailable && code != bus.DeadlineExceeded {
			t.Errorf("a call ended with %v", err)
		}
	}
}

// Proves: R-31 (a network that is slow and not gone: what answers its pings in time is
// no loss. A call that does not get its answer in time ends by its deadline, and those
// that have the time succeed).
func TestSlowNetwork(t *testing.T) {
	for name, fault := range map[string]func(*testnats.Proxy){
		"delay": func(p *testnats.Proxy) { p.Delay(pings() / 4) },
		"rate":  func(p *testnats.Proxy) { p.Rate(scaled(10<<10, 1<<10)) },
	} {
		t.Run(name, func(t *testing.T) {
			i := newIsle(t)
			shop := i.near.View("shop")
			fault(i.proxy)
			l := newLedger()
			patient := ask.With(bus.Timeout(30 * time.Second))
			for range 5 {
				if _, err := patient.Call(t.Context(), shop, question{}); err != nil {
					t.Errorf("a call with time: %v", err)
				}
				hasty, cancel := context.WithTimeout(t.Context(), pings()/8)
				began := time.Now()
				_, err := ask.Call(hasty, shop, question{Text: strings.Repeat("x", 400)})
				cancel()
				l.note(err, time.Since(began)-pings()/8)
			}
			connected := i.near.Connected()
			i.proxy.Release()
			recovered := i.recovered()
			calls, failed := l.calls()
			t.Logf("FIGURE R-31 fault=slow_%s calls=%d ended_by_deadline=%d late=%d recovered_ms=%d", name, calls, failed, l.late, recovered.Milliseconds())
			l.check(t)
			if failed == 0 || !connected {
				t.Errorf("%d hasty calls did not get their answer, connected %v: the network is to be slow and not gone", failed, connected)
			}
		})
	}
}

// More is sent than a slow network takes: everybody's calls and events end in time all the
// same, and so does the stop.
func TestMoreThanTheNetworkTakes(t *testing.T) {
	s := testnats.Start(t) // which has patience for a pong that waits behind requests
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	i := &isle{t: t, proxy: testnats.NewProxy(t, strings.TrimPrefix(s.URL(), "nats://"))}
	i.near = newNode(t, i.proxy.URL(), nil, func(c *Config) { c.PingInterval = 10 * time.Second })
	shop := i.near.View("orders")
	awaitSuccess(t, shop)
	i.proxy.Rate(1 << 20)
	l := newLedger()
	for range 4 {
		i.flood(10, l)
		ctx, cancel := context.WithTimeout(t.Context(), pings())
		began := time.Now()
		_, err := ask.Call(ctx, shop, question{Text: "small"})
		cancel()
		l.note(err, time.Since(began)-pings())
		began = time.Now()
		err = created.Emit(t.Context(), shop, order{Number: 1})
		l.note(err, time.Since(began)-flushTime)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	began := time.Now()
	_ = i.near.Drain(ctx) // it may not be done by then
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("draining for a second took %s", took)
	}
	i.proxy.Release()
	calls, failed := l.calls()
	if l.ended[bus.DeadlineExceeded] == 0 || l.ended[bus.Unavailable] > 0 {
		t.Errorf("the network is to be slow and not gone: %v", l.ended)
	}
	t.Logf("FIGURE R-31 fault=overload calls=%d failed=%d late=%d over_ms=%d", calls, failed, l.late, l.over.Milliseconds())
	l.check(t)
}
