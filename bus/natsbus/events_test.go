package natsbus

import (
	"context"
	"errors"
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
	for _, e := range one.EventStats().Emitted {
		if e.Event == created.Name() && e.Emitted != emitted {
			t.Errorf("emitted %+v", e)
		}
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
