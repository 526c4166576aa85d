package natsbus

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

type order struct {
	Number int    `json:"number"`
	Note   string `json:"note,omitempty"`
}

var created = bus.NewEvent[order]("orders.created").Doc("An order was placed.")

// shelf keeps what subscribers got, by who they are: "2/stock" in the second process.
type shelf struct {
	mu  sync.Mutex
	got map[string][]int
}

func (s *shelf) keep(who string) func(context.Context, order) error {
	return func(_ context.Context, o order) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.got == nil {
			s.got = map[string][]int{}
		}
		s.got[who] = append(s.got[who], o.Number)
		return nil
	}
}

func (s *shelf) count(who string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got[who])
}

// until waits for something that another goroutine brings about.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(20 * time.Second); ; {
		if done() {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s: it did not come to that", what)
		}
	}
}

// process makes a node whose named services subscribe to created.
func process(t *testing.T, url string, s *shelf, number string, services ...string) *bus.Node {
	return newNode(t, url, func(n *bus.Node) {
		for _, name := range services {
			created.Subscribe(n.View(name), s.keep(number+"/"+name), bus.QueueSize(100_000))
		}
	})
}

// Three processes: whoever emits, each service gets each event once, from its own
// process where it can; a broadcast gets to every instance once.
//
// Proves: B10, B13, R18 (events over a real server).
func TestEventsBetweenThreeProcesses(t *testing.T) {
	server := testnats.Start(t)
	s := &shelf{}
	one := process(t, server.URL(), s, "1", "stock", "mail")
	two := process(t, server.URL(), s, "2", "stock", "mail", "audit")
	three := process(t, server.URL(), s, "3", "stock", "audit")
	const emitted, broadcast = 400, 50
	for _, n := range []*bus.Node{one, three} {
		for i := range emitted {
			if err := created.Emit(t.Context(), n.View("orders"), order{Number: i}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range broadcast {
		if err := created.Broadcast(t.Context(), two.View("orders"), order{Number: i}); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]int{"1/stock": emitted + broadcast, "2/stock": broadcast, "3/stock": emitted + broadcast}
	sums := map[string]int{"stock": 2*emitted + 3*broadcast, "mail": 2*emitted + 2*broadcast, "audit": 2*emitted + 2*broadcast}
	for service, sum := range sums {
		until(t, service, func() bool {
			return s.count("1/"+service)+s.count("2/"+service)+s.count("3/"+service) >= sum
		})
	}
	for _, n := range []*bus.Node{one, two, three} { // what came twice would come now
		if err := n.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for service, sum := range sums {
		if got := s.count("1/"+service) + s.count("2/"+service) + s.count("3/"+service); got != sum {
			t.Errorf("%s got %d events, want %d", service, got, sum)
		}
	}
	for who, n := range want {
		if got := s.count(who); got != n {
			t.Errorf("%s got %d events, want %d: a local instance comes first", who, got, n)
		}
	}
	// From one: mail is local, audit is shared by two and three. From three: audit is
	// local, mail is shared by one and two.
	if two, three := s.count("2/audit")-broadcast, s.count("3/audit")-broadcast-emitted; two < emitted/5 || three < emitted/5 {
		t.Errorf("audit's instances got %d and %d of %d", two, three, emitted)
	}
	if one, two := s.count("1/mail")-broadcast-emitted, s.count("2/mail")-broadcast; one < emitted/5 || two < emitted/5 {
		t.Errorf("mail's instances got %d and %d of %d", one, two, emitted)
	}
	if e := one.EventStats().Emitted; len(e) != 1 || e[0].Emitted != emitted {
		t.Errorf("emitted %+v", e)
	}
}

func TestRemoteEventsKeepTheirOrderAndOrigin(t *testing.T) {
	server := testnats.Start(t)
	s := &shelf{}
	newNode(t, server.URL(), func(n *bus.Node) {
		keep := s.keep("mail")
		created.Subscribe(n.View("mail"), func(ctx context.Context, o order) error {
			if in := n.InFlight(); len(in) != 1 || in[0].Caller != "orders" || bus.RequestID(ctx) != "r-5" {
				t.Errorf("in flight %+v, request %s", in, bus.RequestID(ctx))
			}
			return keep(ctx, o)
		}, bus.QueueSize(5000))
	})
	near := newNode(t, server.URL(), nil)
	ctx := bus.WithRequestID(t.Context(), "r-5")
	for i := range 2000 {
		if err := created.Emit(ctx, near.View("orders"), order{Number: i}); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "all", func() bool { return s.count("mail") == 2000 })
	for i, n := range s.got["mail"] {
		if n != i {
			t.Fatalf("event %d came as number %d", n, i)
		}
	}
}

func TestWatchersSeeEveryProcessOnce(t *testing.T) {
	server := testnats.Start(t)
	s := &shelf{}
	one := process(t, server.URL(), s, "1", "stock")
	two := process(t, server.URL(), s, "2", "stock")
	var mu sync.Mutex
	seen := map[string]int{}
	var stops []func()
	for name, n := range map[string]*bus.Node{"one": one, "two": two} {
		stop, err := n.View("console").SubscribeAll("orders.>", func(_ context.Context, e bus.Notice) error {
			mu.Lock()
			defer mu.Unlock()
			seen[name+" "+e.Event+" "+string(e.Body)]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		stops = append(stops, stop)
	}
	if err := created.Emit(t.Context(), one.View("orders"), order{Number: 1}); err != nil {
		t.Fatal(err)
	}
	if err := created.Broadcast(t.Context(), two.View("orders"), order{Number: 2}); err != nil {
		t.Fatal(err)
	}
	if err := bus.NewEvent[order]("orders.shipped").Emit(t.Context(), two.View("orders"), order{Number: 3}); err != nil {
		t.Fatal(err)
	}
	total := func() (sum int) {
		mu.Lock()
		defer mu.Unlock()
		for _, n := range seen {
			sum += n
		}
		return sum
	}
	until(t, "six notices", func() bool { return total() >= 6 })
	for _, stop := range stops {
		stop()
	}
	if err := errors.Join(one.Drain(t.Context()), two.Drain(t.Context())); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 6 || total() != 6 {
		t.Errorf("seen %v, want six different notices once", seen)
	}
}

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

func TestForeignPublisher(t *testing.T) {
	server := testnats.Start(t)
	s := &shelf{}
	n := process(t, server.URL(), s, "1", "stock")
	nc := client(t, server)
	for _, body := range []string{`{"number":7,"unknown":1}`, `{"number":"seven"}`, `not JSON`} {
		if err := nc.Publish("platform.events.orders.created", []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	odd := &nats.Msg{Subject: "platform.broadcasts.orders.created", Data: []byte(`{"number":8}`), Header: nats.Header{eventHeader: {"only one part"}}}
	if err := nc.PublishMsg(odd); err != nil {
		t.Fatal(err)
	}
	until(t, "the events that fit", func() bool { return s.count("1/stock") == 2 })
	until(t, "the events that do not", func() bool { return n.EventStats().Subscribers[0].Dropped[bus.Malformed] == 2 })
}

func TestEventSizes(t *testing.T) {
	server := testnats.Start(t)
	n := newNode(t, server.URL(), nil)
	err := created.Emit(t.Context(), n.View("orders"), order{Note: strings.Repeat("x", 1<<20)})
	if bus.CodeOf(err) != bus.ResourceExhausted {
		t.Errorf("got %v", err)
	}
	if err := created.Emit(t.Context(), n.View("orders"), order{Note: strings.Repeat("x", 1<<19)}); err != nil {
		t.Errorf("the connection did not survive: %v", err)
	}
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
				}, bus.QueueSize(100), bus.Within(-1))
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
