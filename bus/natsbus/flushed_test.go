package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// listening is a plain client that notes which orders it has heard of, how often.
type listening struct {
	mu    sync.Mutex
	heard map[int]int
}

// listenTo subscribes beside the proxy: what the server has got, it gets.
func listenTo(t *testing.T, s *testnats.Server) *listening {
	t.Helper()
	l, nc := &listening{heard: map[int]int{}}, client(t, s)
	sub, err := nc.Subscribe("platform.events.orders.created", func(msg *nats.Msg) {
		var o order
		if err := json.Unmarshal(msg.Data, &o); err != nil {
			t.Error(err)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.heard[o.Number]++
	})
	if err := errors.Join(err, sub.SetPendingLimits(-1, -1), nc.Flush()); err != nil {
		t.Fatal(err)
	}
	return l
}

// of counts those that were heard.
func (l *listening) of(numbers []int) (count int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range numbers {
		count += min(l.heard[n], 1)
	}
	return count
}

// twice counts what was heard more than once.
func (l *listening) twice() (count int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, times := range l.heard {
		if times > 1 {
			count++
		}
	}
	return count
}

// told are the numbers of orders by what became of their emit.
type told struct {
	mu                         sync.Mutex
	accepted, unknown, refused []int
}

// emitter makes orders with numbers of their own.
type emitter struct {
	node   *bus.Node
	number atomic.Int64
}

// emit tells of so many orders, and notes how that ended. blind says that nil proves
// nothing, because the network is gone and nobody has noticed.
func (e *emitter) emit(t *testing.T, event *bus.Event[order], count int, blind bool, to *told) {
	t.Helper()
	for range count {
		n := int(e.number.Add(1))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := event.Emit(ctx, e.node.View("orders"), order{Number: n})
		cancel()
		to.mu.Lock()
		switch {
		case err == nil && !blind:
			to.accepted = append(to.accepted, n)
		case err == nil, errors.Is(err, bus.ErrOutcomeUnknown), bus.CodeOf(err) == bus.DeadlineExceeded:
			to.unknown = append(to.unknown, n)
		case bus.CodeOf(err) == bus.Unavailable && strings.Contains(err.Error(), "orders.created"):
			to.refused = append(to.refused, n)
		default:
			t.Errorf("an emit ended with %v", err)
		}
		to.mu.Unlock()
	}
}

// outages are ways to lose the connection; what was on its way is lost in some of them.
var outages = []func(*testnats.Proxy){
	func(p *testnats.Proxy) { p.Hold() },
	func(p *testnats.Proxy) { p.Cut(testnats.ToClient) },
	func(p *testnats.Proxy) { p.Cut(testnats.ToServer) },
	func(p *testnats.Proxy) { p.Silence() },
}

// newEmitter is a node behind a proxy, with short pings.
func newEmitter(t *testing.T) (*emitter, *testnats.Proxy, *listening) {
	t.Helper()
	s := testnats.Start(t)
	l := listenTo(t, s)
	proxy := testnats.NewProxy(t, strings.TrimPrefix(s.URL(), "nats://"))
	n := newNode(t, proxy.URL(), nil, func(c *Config) { c.PingInterval = 200 * time.Millisecond })
	return &emitter{node: n}, proxy, l
}

// Proves: R-32 (events before a loss is noticed, after it and across the reconnect:
// none is accepted while the loss is known, none that was refused comes later, and
// what is accepted when the connection is back arrives).
func TestEventsAcrossOutages(t *testing.T) {
	e, proxy, listener := newEmitter(t)
	var sure, before, after told
	n := scaled(len(outages), 50)
	for i := range n {
		e.emit(t, created, 100, false, &sure)
		until(t, "what was sent with the network arrives", func() bool { return listener.of(sure.accepted) == len(sure.accepted) })
		outages[i%len(outages)](proxy)
		e.emit(t, created, 300, true, &before)
		until(t, "the loss is noticed", func() bool { return !e.node.Connected() })
		e.emit(t, created, 300, false, &after)
		proxy.Reset() // what was held back is lost
		proxy.Release()
		for !e.node.Connected() {
			e.emit(t, created, 1, false, &after)
			_ = pause(t.Context(), time.Millisecond)
		}
		e.emit(t, created, 300, false, &sure)
	}
	until(t, "what was sent over the new connection arrives", func() bool { return listener.of(sure.accepted) == len(sure.accepted) })
	refused := slices.Concat(before.refused, after.refused, sure.refused)
	t.Logf("FIGURE R-32 outages=%d accepted=%d delivered=%d unknown=%d unknown_delivered=%d refused=%d refused_delivered=%d accepted_after_detection=%d", n,
		len(sure.accepted), listener.of(sure.accepted), len(before.unknown), listener.of(before.unknown), len(refused), listener.of(refused), len(after.accepted))
	// An emit that begins when the node does not say yet that it is connected may be
	// accepted by the connection that it has by then.
	if lost := len(after.accepted) - listener.of(after.accepted); lost > 0 || len(after.refused) < 300*n || len(sure.refused) > 0 {
		t.Errorf("after the loss was known %d were accepted and lost, and %d refused; with the network %d were refused", lost, len(after.refused), len(sure.refused))
	}
	if listener.of(refused) > 0 || listener.twice() > 0 {
		t.Errorf("%d refused events came all the same, %d came twice", listener.of(refused), listener.twice())
	}
}

// Proves: R-32 (an event that is Flushed was received by the server if Emit says so,
// in every outage; else Emit says that it is unknown, or that it was not sent).
func TestFlushedEventsAreWithTheServer(t *testing.T) {
	e, proxy, listener := newEmitter(t)
	var all told
	certain, ctx := created.Flushed(), t.Context()
	done := make(chan struct{})
	var emitters sync.WaitGroup
	for range 8 {
		emitters.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					e.emit(t, certain, 1, false, &all)
					_ = pause(ctx, time.Millisecond)
				}
			}
		})
	}
	enough := func(what string, list *[]int, more int) {
		all.mu.Lock()
		aim := len(*list) + more
		all.mu.Unlock()
		until(t, what, func() bool {
			all.mu.Lock()
			defer all.mu.Unlock()
			return len(*list) >= aim
		})
	}
	n := scaled(2*len(outages), 50)
	for i := range n {
		enough("events are confirmed", &all.accepted, 20)
		outages[i%len(outages)](proxy)
		until(t, "the loss is noticed", func() bool { return !e.node.Connected() })
		proxy.Reset()
		proxy.Release()
	}
	enough("events are confirmed again", &all.accepted, 20)
	close(done)
	emitters.Wait()
	until(t, "what was confirmed arrives", func() bool { return listener.of(all.accepted) == len(all.accepted) })
	t.Logf("FIGURE R-32.flushed outages=%d accepted=%d received=%d unknown=%d unknown_received=%d refused=%d refused_received=%d", n,
		len(all.accepted), listener.of(all.accepted), len(all.unknown), listener.of(all.unknown), len(all.refused), listener.of(all.refused))
	if listener.of(all.refused) > 0 || listener.twice() > 0 || len(all.unknown) == 0 {
		t.Errorf("%d refused events came all the same, %d came twice, of %d nobody knew", listener.of(all.refused), listener.twice(), len(all.unknown))
	}
}

// A ping that another connection answers confirms nothing; a loss ends the wait.
func TestConfirmationIsOfOneConnection(t *testing.T) {
	s := testnats.Start(t)
	proxy := testnats.NewProxy(t, strings.TrimPrefix(s.URL(), "nats://"))
	opened, err := New(Config{URL: proxy.URL(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	tr := opened.(*transport)
	if err := tr.Start(t.Context(), bus.NewNode(bus.Options{})); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close(context.Background()) })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for name, publish := range map[string]func() error{
		"another connection": func() error {
			before := tr.conn.Stats().Reconnects
			proxy.Reset()
			until(t, "a new connection", func() bool { return tr.conn.Stats().Reconnects > before && tr.conn.IsConnected() })
			return nil
		},
		"no connection": func() error {
			proxy.Silence()
			until(t, "the loss is noticed", func() bool { return !tr.Connected() })
			return nil
		},
	} {
		began := time.Now()
		if err := tr.confirmed(ctx, bus.Publication{Event: "orders.created"}, publish); !errors.Is(err, bus.ErrOutcomeUnknown) || bus.CodeOf(err) != bus.Unavailable {
			t.Errorf("%s: got %v after %s", name, err, time.Since(began))
		}
		proxy.Release()
		until(t, "it is connected", tr.Connected)
	}
	if err := tr.confirmed(ctx, bus.Publication{Event: "orders.created"}, func() error { return nil }); err != nil {
		t.Errorf("one connection: %v", err)
	}
	proxy.Hold()
	brief, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := tr.confirmed(brief, bus.Publication{Event: "orders.created"}, func() error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no answer in time: %v", err)
	}
	proxy.Release()
}

// The emitter gets the code of its context, and the sentence says what is known.
func TestFlushedWithinTheContext(t *testing.T) {
	e, proxy, _ := newEmitter(t)
	proxy.Hold()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := created.Flushed().Emit(ctx, e.node.View("orders"), order{})
	if bus.CodeOf(err) != bus.DeadlineExceeded || !strings.Contains(err.Error(), "orders.created may not have got to other processes") {
		t.Errorf("got %v", err)
	}
	proxy.Release()
}
