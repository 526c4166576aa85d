package natsbus

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// Proves: R-32 (after the loss is known nothing is accepted that is not sent; who
// listens in the same process gets it).
func TestEventsWhileDisconnected(t *testing.T) {
	server := testnats.Start(t)
	s := &shelf{}
	near := process(t, server.URL(), s, "1", "stock")
	process(t, server.URL(), s, "2", "mail")
	server.Stop()
	until(t, "the loss is noticed", func() bool { return !near.Connected() })
	for i := range 100 {
		err := created.Emit(t.Context(), near.View("orders"), order{Number: i})
		if bus.CodeOf(err) != bus.Unavailable || !strings.Contains(err.Error(), "orders.created") {
			t.Fatalf("emitted while disconnected: %v", err)
		}
	}
	until(t, "the local subscriber has all", func() bool { return s.count("1/stock") == 100 })
	server.Restart()
	until(t, "a new event gets through", func() bool {
		_ = created.Emit(t.Context(), near.View("orders"), order{Number: 1000})
		return s.count("2/mail") > 0
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.got["2/mail"] {
		if n != 1000 {
			t.Errorf("event %d was refused and came later", n)
		}
	}
	t.Logf("FIGURE R-32 refused=100 delivered_remotely_of_refused=0 delivered_locally=100")
}

// What is published to a subscriber that is too slow is handled or counted: by its
// queue, or by the connection when even queueing is too slow.
//
// Proves: R-35 (in small).
func TestSlowSubscriberDropsAreExact(t *testing.T) {
	for name, backlog := range map[string]int{"queue": 0, "connection": 2} {
		t.Run(name, func(t *testing.T) {
			server := testnats.Start(t)
			release := make(chan struct{})
			n := newNode(t, server.URL(), func(n *bus.Node) {
				created.Subscribe(n.View("slow"), func(context.Context, order) error {
					<-release
					return nil
				}, bus.QueueSize(100))
			}, func(c *Config) { c.EventBacklog = backlog })
			nc := client(t, server)
			const published = 20_000
			for range published {
				if err := nc.Publish("platform.events.orders.created", []byte(`{"number":1}`)); err != nil {
					t.Fatal(err)
				}
			}
			if err := nc.Flush(); err != nil {
				t.Fatal(err)
			}
			stats := func() bus.SubscriberStats { return n.EventStats().Subscribers[0] }
			arrived := func() uint64 {
				s := stats()
				return s.Delivered + uint64(s.Queued) + s.Dropped[bus.QueueFull] + s.Dropped[bus.SlowConsumer]
			}
			until(t, "all are accounted for", func() bool { return arrived() == published })
			close(release)
			if err := n.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			s := stats() // also after the subscriptions have gone
			if s.Delivered+s.Dropped[bus.QueueFull]+s.Dropped[bus.SlowConsumer] != published || s.Delivered == 0 {
				t.Errorf("%d published, %+v", published, s)
			}
			if slow := server.NumSlowConsumers(); slow != 0 {
				t.Errorf("the server saw %d slow consumers", slow)
			}
			t.Logf("FIGURE R-35 published=%d handled=%d queue_full=%d slow_consumer=%d", published, s.Delivered, s.Dropped[bus.QueueFull], s.Dropped[bus.SlowConsumer])
		})
	}
}

// One of two instances stops while events come: what was delivered to it is
// handled there, the rest goes to the other.
//
// Proves: R-11 (events).
func TestStoppingInstanceLosesNoEvent(t *testing.T) {
	server := testnats.Start(t)
	s := &shelf{}
	stays := process(t, server.URL(), s, "1", "stock")
	emitter := newNode(t, server.URL(), nil)
	const stops = 5
	emitted := 0
	for range stops {
		leaves := process(t, server.URL(), s, "2", "stock")
		drained, before := make(chan error, 1), s.count("2/stock")
		for i := range 400 {
			if i == 200 {
				until(t, "the other instance takes part", func() bool { return s.count("2/stock") > before })
				go func() { drained <- leaves.Drain(t.Context()) }()
			}
			if err := created.Emit(t.Context(), emitter.View("orders"), order{Number: emitted}); err != nil {
				t.Fatal(err)
			}
			emitted++
		}
		if err := <-drained; err != nil {
			t.Fatal(err)
		}
		if err := leaves.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "all", func() bool { return s.count("1/stock")+s.count("2/stock") >= emitted })
	if err := stays.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.count("1/stock") + s.count("2/stock"); got != emitted {
		t.Errorf("%d emitted, %d handled, %d by who stopped", emitted, got, s.count("2/stock"))
	}
	t.Logf("FIGURE R-11 events lost=0 of=%d stops=%d", emitted, stops)
}

func TestHeldServiceLeavesEventsToOthers(t *testing.T) {
	server := testnats.Start(t)
	s := &shelf{}
	held := newNode(t, server.URL(), func(n *bus.Node) {
		n.Hold("stock")
		created.Subscribe(n.View("stock"), s.keep("1/stock"))
	})
	process(t, server.URL(), s, "2", "stock")
	for i := range 20 {
		if err := created.Emit(t.Context(), held.View("orders"), order{Number: i}); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the other instance gets all", func() bool { return s.count("2/stock") == 20 })
	if err := held.Release("stock"); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := created.Emit(t.Context(), held.View("orders"), order{Number: i}); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the local one is first again", func() bool { return s.count("1/stock") == 20 })
	held.Hold("stock")
	if err := created.Emit(t.Context(), held.View("orders"), order{Number: 21}); err != nil {
		t.Fatal(err)
	}
	until(t, "the other one takes over", func() bool { return s.count("2/stock") == 21 })
}

func TestEmitBeforeTheStart(t *testing.T) {
	tr, err := New(Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	n := bus.NewNode(bus.Options{Transport: tr})
	if err := created.Emit(t.Context(), n.View("orders"), order{}); bus.CodeOf(err) != bus.Unavailable {
		t.Errorf("got %v", err)
	}
}

// keeper is a transport that keeps the one interest it is told of.
type keeper struct {
	bus.Transport

	interest bus.Interest
}

func (k *keeper) Start(context.Context, *bus.Node) error { return nil }
func (k *keeper) Events() bus.Carrier                    { return k }
func (k *keeper) Serve(...string) error                  { return nil }

func (k *keeper) Publish(context.Context, bus.Publication) error { return nil }

func (k *keeper) Subscribe(i bus.Interest) (bus.Inlet, error) {
	k.interest = i
	return &inlet{}, nil
}

// Proves: R-53 (raw bytes as payload and header of an event: handled, or counted
// as malformed, nothing panics, and what it costs to receive is bounded).
func FuzzEvent(f *testing.F) {
	k, s := &keeper{}, &shelf{}
	n := bus.NewNode(bus.Options{Transport: k, Logger: slog.New(slog.DiscardHandler)})
	created.Subscribe(n.View("stock"), s.keep("stock"))
	if err := n.Start(context.Background()); err != nil {
		f.Fatal(err)
	}
	tr := &transport{config: Config{}.withDefaults()}
	tr.callers.node = n
	in := &inlet{transport: tr, interest: k.interest}
	r := newReceiver(f)
	f.Add([]byte(`{"number":1}`), "abc;orders;r-1;stock,mail", traceparent, false)
	f.Add([]byte(`{"number":`), ";;;", ";", true)
	f.Add([]byte("\x00\xff"), ";;;;;;;;", "\x00\xff", false)
	f.Add([]byte(`[[[[[[`), strings.Repeat(",", maxNotice), strings.Repeat("0", maxEnvelope+1), true)
	f.Fuzz(func(t *testing.T, payload []byte, header, beside string, everywhere bool) {
		if len(payload) > 1<<19 {
			t.Skip()
		}
		msg := &nats.Msg{Data: payload, Header: nats.Header{
			eventHeader: {header}, traceHeader: {beside}, metadataHeader: {beside},
		}}
		frugal(t, msg, func() { r.hear(msg) })
		msg.Subject = tr.eventSubject("orders.created", everywhere)
		in.receive(msg, everywhere)
		if p := n.EventStats().Subscribers[0].Panics; p > 0 {
			t.Fatalf("%d panics", p)
		}
	})
}
