package bus

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// told is an event that a test declares for itself.
func told(name string, opts ...EventOption) *Event[ping] { return NewEvent[ping](name, opts...) }

// diary is what a subscriber got, in order.
type diary struct {
	mu   sync.Mutex
	seen []int
}

func (d *diary) write(_ context.Context, p ping) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, p.N)
	return nil
}

func (d *diary) want(t *testing.T, numbers ...int) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.seen, numbers) {
		t.Errorf("got %v, want %v", d.seen, numbers)
	}
}

// of are the counters of one subscriber.
func countersOf(t *testing.T, n *Node, subscriber, event string) SubscriberStats {
	t.Helper()
	for _, s := range n.EventStats().Subscribers {
		if s.Subscriber == subscriber && s.Event == event {
			return s
		}
	}
	t.Fatalf("%s has no counters for %s", subscriber, event)
	return SubscriberStats{}
}

func emit(t *testing.T, e *Event[ping], b *Bus, numbers ...int) {
	t.Helper()
	for _, i := range numbers {
		if err := e.Emit(t.Context(), b, ping{i}); err != nil {
			t.Errorf("emitting %d: %v", i, err)
		}
	}
}

// Proves: B10, R18 (in memory).
func TestEmitAndBroadcastReachEverySubscribingService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		created := told("orders.created")
		var stock, mail diary
		created.Subscribe(n.View("stock"), stock.write)
		created.Subscribe(n.View("mail"), func(ctx context.Context, p ping) error {
			<-time.After(time.Second)
			return mail.write(ctx, p)
		})
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		emit(t, created, n.View("orders"), 1, 2)
		if err := created.Broadcast(t.Context(), n.View("orders"), ping{3}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		stock.want(t, 1, 2, 3)
		mail.want(t)
		if s := countersOf(t, n, "mail", "orders.created"); s.Queued != 3 {
			t.Errorf("%d queued, want 3", s.Queued)
		}
		if err := n.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		mail.want(t, 1, 2, 3)
		s := countersOf(t, n, "mail", "orders.created")
		if s.Delivered != 3 || s.Queued != 0 || s.Failed != 0 || s.Duration.Count != 3 || s.Duration.Sum != 3 {
			t.Errorf("counted %+v", s)
		}
		if all := n.EventStats().Emitted; len(all) != 1 || all[0] != (EmittedStats{"orders", "orders.created", 3}) {
			t.Errorf("emitted %+v", all)
		}
	})
}

// Two goroutines emit; each one's events come in its order.
func TestOrderOfOneEmitterIsKept(t *testing.T) {
	n, _ := quietNode(t, Options{})
	step := told("walker.step")
	var got diary
	step.Subscribe(n.View("map"), got.write, QueueSize(10_000))
	var both sync.WaitGroup
	for walker := range 2 {
		both.Go(func() {
			for i := range 2000 {
				_ = step.Emit(t.Context(), n.View("walker"), ping{walker*10_000 + i})
			}
		})
	}
	both.Wait()
	if err := n.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := [2]int{}
	for _, number := range got.seen {
		walker := number / 10_000
		if number%10_000 != next[walker] {
			t.Fatalf("walker %d: got %d, want %d", walker, number%10_000, next[walker])
		}
		next[walker]++
	}
	if next != [2]int{2000, 2000} {
		t.Errorf("got %v", next)
	}
}

// blocked is a subscriber that handles nothing until released.
func blocked(n *Node, e *Event[ping], owner string, d *diary, opts ...SubscribeOption) (release func()) {
	gate := make(chan struct{})
	e.Subscribe(n.View(owner), func(ctx context.Context, p ping) error {
		<-gate
		return d.write(ctx, p)
	}, opts...)
	return sync.OnceFunc(func() { close(gate) })
}

func TestFullQueueDropsTheNewestAndCountsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		e := told("orders.created")
		var got, other diary
		release := blocked(n, e, "slow", &got, QueueSize(3))
		e.Subscribe(n.View("fast"), other.write)
		for i := range 10 {
			emit(t, e, n.View("orders"), i)
			synctest.Wait()
		}
		release()
		synctest.Wait()
		got.want(t, 0, 1, 2, 3) // one being handled, three waiting
		other.want(t, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
		if s := countersOf(t, n, "slow", "orders.created"); s.Delivered != 4 || s.Dropped[QueueFull] != 6 {
			t.Errorf("counted %+v, want 4 delivered and 6 dropped", s)
		}
	})
}

func TestEmitterWaitsForRoomIfTheSubscriberSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		e := told("orders.created")
		var got diary
		release := blocked(n, e, "slow", &got, QueueSize(1), WaitForRoom(), Within(-1))
		emit(t, e, n.View("orders"), 1)
		synctest.Wait()
		emit(t, e, n.View("orders"), 2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		err := e.Emit(ctx, n.View("orders"), ping{3})
		if CodeOf(err) != DeadlineExceeded || !strings.Contains(err.Error(), "slow") || time.Since(began) != time.Minute {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		time.AfterFunc(time.Second, release)
		emit(t, e, n.View("orders"), 4)
		synctest.Wait()
		got.want(t, 1, 2, 4)
		if s := countersOf(t, n, "slow", "orders.created"); s.Dropped[QueueFull] != 1 {
			t.Errorf("counted %+v", s)
		}
	})
}

func TestHandlersThatFailAreCountedAndNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, log := quietNode(t, Options{})
		e := told("orders.created")
		var got diary
		e.Subscribe(n.View("shaky"), func(ctx context.Context, p ping) error {
			switch p.N {
			case 1:
				return errors.New("no ink")
			case 2:
				panic("paper jam")
			case 3:
				runtime.Goexit()
			}
			return got.write(ctx, p)
		})
		emit(t, e, n.View("orders"), 1, 2, 3, 4)
		synctest.Wait()
		got.want(t, 4)
		if s := countersOf(t, n, "shaky", "orders.created"); s.Delivered != 4 || s.Failed != 3 || s.Panics != 1 || s.Queued != 0 {
			t.Errorf("counted %+v", s)
		}
		for _, words := range []string{"no ink", "paper jam", "runtime.Goexit", "service=shaky", "event=orders.created", "emitter=orders", "request_id="} {
			if !strings.Contains(log.String(), words) {
				t.Errorf("%q is missing in the log: %s", words, log)
			}
		}
		if left := n.InFlight(); len(left) != 0 {
			t.Errorf("still in flight: %v", left)
		}
	})
}

// Proves: R22 (events).
func TestHandlerIsARootWithTheEmittersRequest(t *testing.T) {
	for _, strict := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n, _ := quietNode(t, Options{Strict: strict})
			e, ask := NewEvent[box]("orders.created"), echo("stock.ask")
			var ids []string
			ask.Handle(n.View("stock"), func(ctx context.Context, _ ping) (pong, error) {
				ids = append(ids, RequestID(ctx))
				return pong{}, nil
			})
			e.Subscribe(n.View("mail"), func(ctx context.Context, _ box) error {
				if at, ok := ctx.Deadline(); !ok || time.Until(at) != DefaultTimeout {
					t.Errorf("the deadline is %v", at)
				}
				if in := n.InFlight(); !slices.ContainsFunc(in, func(c CallInfo) bool {
					return c.Action == "orders.created" && c.Caller == "orders" && c.RequestID == RequestID(ctx)
				}) {
					t.Errorf("in flight: %+v", in)
				}
				_, err := ask.Call(ctx, n.View("mail"), ping{})
				return err
			})
			place := echo("orders.place")
			place.Handle(n.View("orders"), func(ctx context.Context, _ ping) (pong, error) {
				ids = append(ids, RequestID(ctx))
				return pong{}, e.Emit(ctx, n.View("orders"), full())
			})
			if _, err := place.Call(WithRequestID(t.Context(), "r-7"), n.View("till"), ping{}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if _, err := place.Call(t.Context(), n.View("till"), ping{}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if len(ids) != 4 || ids[0] != "r-7" || ids[1] != "r-7" || ids[2] != ids[3] || ids[2] == "" {
				t.Errorf("request ids %v", ids)
			}
			if s := n.Stats(); len(s) != 2 || s[1].Caller != "mail" || s[1].Requests[OK] != 2 {
				t.Errorf("edges %+v", s)
			}
		})
	}
}

// Proves: B4 (events).
func TestSubscribersShareNoMemory(t *testing.T) {
	for _, strict := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n, _ := quietNode(t, Options{Strict: strict})
			e := NewEvent[box]("orders.created")
			var got [2]box
			for i, owner := range []string{"stock", "mail"} {
				e.Subscribe(n.View(owner), func(_ context.Context, b box) error {
					got[i] = b
					return nil
				})
			}
			mine := full()
			if err := e.Emit(t.Context(), n.View("orders"), mine); err != nil {
				t.Fatal(err)
			}
			spoil(mine)
			synctest.Wait()
			if len(got[0].Items) == 0 || spoilt(got[0]) || spoilt(got[1]) {
				t.Error("the emitter changed what was received")
			}
			if spoil(got[0]); spoilt(got[1]) {
				t.Error("one subscriber changed what another one has")
			}
		})
	}
}

func TestHeldServiceHearsNothingUntilItIsReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, log := quietNode(t, Options{})
		e := told("orders.created")
		n.Hold("stock")
		var got diary
		release := blocked(n, e, "stock", &got)
		emit(t, e, n.View("orders"), 1)
		if err := n.Release("stock"); err != nil {
			t.Fatal(err)
		}
		emit(t, e, n.View("orders"), 2, 3, 4)
		synctest.Wait()
		n.Hold("stock") // stops
		emit(t, e, n.View("orders"), 5)
		release()
		synctest.Wait()
		got.want(t, 2)
		s := countersOf(t, n, "stock", "orders.created")
		if s.Dropped[NotStarted] != 1 || s.Dropped[Stopping] != 3 || s.Delivered != 1 {
			t.Errorf("counted %+v", s)
		}
		if !strings.Contains(log.String(), "events=2") {
			t.Errorf("what was cut is not in the log: %s", log)
		}
	})
}

func TestDrainHandlesWhatWasAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		first, second := told("orders.created"), told("stock.reserved")
		var got diary
		first.Subscribe(n.View("stock"), func(ctx context.Context, p ping) error {
			<-time.After(time.Second)
			return second.Emit(ctx, n.View("stock"), p)
		})
		second.Subscribe(n.View("mail"), func(ctx context.Context, p ping) error {
			<-time.After(3 * time.Second)
			return got.write(ctx, p)
		})
		emit(t, first, n.View("orders"), 1, 2, 3)
		began := time.Now()
		drained := make(chan error)
		go func() { drained <- n.Drain(t.Context()) }()
		synctest.Wait()
		err := first.Emit(t.Context(), n.View("orders"), ping{4})
		if CodeOf(err) != Unavailable {
			t.Errorf("an event from outside during the drain: %v", err)
		}
		if err := <-drained; err != nil || time.Since(began) != 10*time.Second {
			t.Errorf("drained after %s: %v", time.Since(began), err)
		}
		got.want(t, 1, 2, 3)
		if err := first.Emit(WhileDraining(t.Context()), n.View("orders"), ping{5}); err != nil {
			t.Errorf("an event of a stop hook: %v", err)
		}
		if err := n.Settle(t.Context(), "stock"); err != nil {
			t.Error(err)
		}
		if err := n.Settle(t.Context(), "mail"); err != nil {
			t.Error(err)
		}
		got.want(t, 1, 2, 3, 5)
		if err := n.Close(t.Context()); err != nil {
			t.Error(err)
		}
		for _, ctx := range []context.Context{t.Context(), WhileDraining(t.Context())} {
			if err := first.Emit(ctx, n.View("orders"), ping{6}); CodeOf(err) != Unavailable {
				t.Errorf("after Close: %v", err)
			}
		}
	})
}

func TestDrainNamesTheEventsItCuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		e := told("orders.created")
		var got diary
		release := blocked(n, e, "stock", &got)
		defer release()
		emit(t, e, n.View("orders"), 1, 2, 3)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var cut *DrainError
		if err := n.Drain(ctx); !errors.As(err, &cut) {
			t.Fatal(err)
		}
		if len(cut.Cut) != 1 || cut.Cut[0].Action != "orders.created" || cut.Cut[0].Age != 5*time.Second ||
			len(cut.Events) != 1 || cut.Events[0] != (EventBacklog{"stock", "orders.created", 2}) {
			t.Errorf("cut %+v", cut)
		}
		if !strings.Contains(cut.Error(), "2 events orders.created were still waiting for stock") {
			t.Error(cut)
		}
		late, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := n.Settle(late, "stock"); !errors.As(err, &cut) || len(cut.Events) != 1 {
			t.Error(err)
		}
		if err := n.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if s := countersOf(t, n, "stock", "orders.created"); s.Dropped[Stopping] != 2 {
			t.Errorf("counted %+v", s)
		}
	})
}

// Every event that was accepted is handled or counted as dropped, whenever the
// node drains and closes.
func TestNothingIsLostUncounted(t *testing.T) {
	n, _ := quietNode(t, Options{})
	e := told("orders.created")
	var got diary
	e.Subscribe(n.View("stock"), got.write, QueueSize(64))
	var all sync.WaitGroup
	var mu sync.Mutex
	accepted := uint64(0)
	for range 4 {
		all.Go(func() {
			for i := 0; ; i++ {
				err := e.Emit(t.Context(), n.View("orders"), ping{i})
				if CodeOf(err) == Unavailable {
					mu.Lock()
					accepted += uint64(i)
					mu.Unlock()
					return
				}
			}
		})
	}
	for countersOf(t, n, "stock", "orders.created").Delivered < 5000 {
		runtime.Gosched()
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	handled := len(got.seen)
	all.Wait()
	s := countersOf(t, n, "stock", "orders.created")
	if s.Delivered != uint64(handled) || s.Queued != 0 || s.Delivered+s.Dropped[QueueFull] != accepted {
		t.Errorf("%d accepted, %d handled, counted %+v", accepted, handled, s)
	}
	t.Logf("FIGURE R-35 accepted=%d handled=%d dropped=%d", accepted, s.Delivered, s.Dropped[QueueFull])
}

func TestEmitWithAnEndedContext(t *testing.T) {
	n, _ := quietNode(t, Options{})
	e := told("orders.created")
	var got diary
	e.Subscribe(n.View("stock"), got.write)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Emit(ctx, n.View("orders"), ping{1}); CodeOf(err) != Canceled {
		t.Errorf("got %v", err)
	}
	got.want(t)
}

func TestWiringMistakesOfEvents(t *testing.T) {
	type hidden struct{ secret []int }
	ok := func(context.Context, ping) error { return nil }
	cases := []struct {
		name  string
		wire  func(n *Node)
		words []string
	}{
		{"a bad name", func(n *Node) { told("created").Subscribe(n.View("mail"), ok) }, []string{`"created" is no name of an event`}},
		{"a reserved service", func(n *Node) { told("events.created").Subscribe(n.View("mail"), ok) }, []string{"no service can be called events"}},
		{"other types", func(n *Node) {
			told("orders.created").Subscribe(n.View("mail"), ok)
			NewEvent[string]("orders.created").Subscribe(n.View("stock"), func(context.Context, string) error { return nil })
		}, []string{"orders.created is declared with different types: bus.ping at bus/event_test.go:", "string at"}},
		{"twice", func(n *Node) {
			told("orders.created").Subscribe(n.View("mail"), ok)
			told("orders.created").Subscribe(n.View("mail"), ok)
		}, []string{"the service mail has subscribed to orders.created already, at bus/event_test.go:"}},
		{"no handler", func(n *Node) { told("orders.created").Subscribe(n.View("mail"), nil) }, []string{"the handler of orders.created is nil"}},
		{"no queue", func(n *Node) { told("orders.created").Subscribe(n.View("mail"), ok, QueueSize(0)) }, []string{"cannot hold 0 events"}},
		{"a type that cannot cross", func(n *Node) {
			NewEvent[hidden]("orders.created").Subscribe(n.View("mail"), func(context.Context, hidden) error { return nil })
		}, []string{"the payload of orders.created cannot cross the bus", "secret"}},
		{"after the start", func(n *Node) {
			_ = n.Start(t.Context())
			told("orders.created").Subscribe(n.View("mail"), ok)
		}, []string{"the service mail subscribes to orders.created after the start"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n, _ := quietNode(t, Options{})
			c.wire(n)
			mistakes(t, n, c.words...)
		})
	}
}

func TestMistakenDeclarationReachesNobody(t *testing.T) {
	n, _ := quietNode(t, Options{})
	var got diary
	told("orders.created").Subscribe(n.View("mail"), got.write)
	if err := NewEvent[string]("orders.created").Emit(t.Context(), n.View("orders"), "x"); CodeOf(err) != Internal {
		t.Errorf("got %v", err)
	}
	got.want(t)
}

func TestWatcherSeesWhatMatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		created, paid := told("orders.created"), told("payments.paid")
		created.Subscribe(n.View("mail"), func(context.Context, ping) error { return nil })
		var lines []string
		stop, err := n.View("console").SubscribeAll("orders.>", func(_ context.Context, s Notice) error {
			lines = append(lines, fmt.Sprint(s.Event, " ", s.Emitter, " ", s.RequestID, " ", s.Broadcast, " ", string(s.Body)))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx := WithRequestID(t.Context(), "r-1")
		_ = created.Emit(ctx, n.View("orders"), ping{1})
		_ = paid.Emit(ctx, n.View("payments"), ping{2})
		_ = told("orders.shipped").Broadcast(ctx, n.View("delivery"), ping{3})
		synctest.Wait()
		stop()
		_ = created.Emit(ctx, n.View("orders"), ping{4})
		synctest.Wait()
		want := []string{`orders.created orders r-1 false {"N":1}`, `orders.shipped delivery r-1 true {"N":3}`}
		if !slices.Equal(lines, want) {
			t.Errorf("saw %q, want %q", lines, want)
		}
		if s := countersOf(t, n, "console", "orders.>"); s.Delivered != 2 {
			t.Errorf("counted %+v", s)
		}
		for _, bad := range []string{"", "orders", "orders.created.twice", "Orders.>", "orders.>.x"} {
			if _, err := n.View("console").SubscribeAll(bad, func(context.Context, Notice) error { return nil }); err == nil {
				t.Errorf("%q is taken for a pattern", bad)
			}
		}
	})
}

func TestPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		">": "orders.created payments.paid", "*.created": "orders.created", "payments.*": "payments.paid",
		"orders.created": "orders.created", "*.*": "orders.created payments.paid", "orders.paid": "",
	} {
		var got []string
		for _, name := range []string{"orders.created", "payments.paid"} {
			if matches(pattern, name) {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s matches %v, want %s", pattern, got, want)
		}
	}
}

func TestEventsByName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		e := told("orders.created", Local()).Doc("An order was placed.").Example(ping{7})
		var got diary
		e.Subscribe(n.View("mail"), got.write)
		list := n.Events()
		if len(list) != 1 || list[0].Name != "orders.created" || list[0].Doc != "An order was placed." || !list[0].Local ||
			string(list[0].Example) != `{"N":7}` || list[0].Payload != "bus.ping" || !slices.Equal(list[0].Subscribers, []string{"mail"}) {
			t.Errorf("listed %+v", list)
		}
		if len(n.Actions()) != 0 {
			t.Error("an event is listed as an action")
		}
		console := n.View("console")
		if err := n.EmitJSON(t.Context(), console, "orders.created", []byte(`{"N":1}`)); err != nil {
			t.Error(err)
		}
		if err := n.BroadcastJSON(t.Context(), console, "orders.created", []byte(`{"N":2}`)); err != nil {
			t.Error(err)
		}
		if err := n.EmitJSON(t.Context(), console, "orders.created", []byte(`{"M":1}`)); CodeOf(err) != InvalidArgument {
			t.Errorf("an unknown field: %v", err)
		}
		if err := n.EmitJSON(t.Context(), console, "orders.lost", nil); CodeOf(err) != NotFound {
			t.Errorf("an unknown event: %v", err)
		}
		synctest.Wait()
		got.want(t, 1, 2)
	})
}

func TestEmittingAllocatesNothing(t *testing.T) {
	n, _ := quietNode(t, Options{})
	e := NewEvent[sum]("orders.created")
	gate := make(chan struct{})
	e.Subscribe(n.View("stock"), func(context.Context, sum) error { <-gate; return nil }, QueueSize(64))
	for range 100 { // fills the queue, and its ring
		_ = e.Emit(t.Context(), n.View("orders"), sum{})
	}
	view := n.View("orders")
	if allocs := testing.AllocsPerRun(100, func() { _ = e.Emit(t.Context(), view, sum{1, 2}) }); allocs != 0 {
		t.Errorf("emitting allocates %v times, want 0", allocs)
	}
	close(gate)
	if err := n.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

// Before and After run around the handler, also when it panics.
func TestObserversSeeEventsBeingHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines []string
		n, _ := quietNode(t, Options{Observers: []Observer{{
			Before: func(ctx context.Context, i Info) context.Context {
				return context.WithValue(ctx, tag("by"), i.Caller)
			},
			After: func(ctx context.Context, i Info, err error) {
				lines = append(lines, fmt.Sprint(i.Kind, " ", i.Action, " ", i.Service, " ", ctx.Value(tag("by")), " ", CodeOf(err)))
			},
		}}})
		e := told("orders.created")
		e.Subscribe(n.View("mail"), func(ctx context.Context, p ping) error {
			if ctx.Value(tag("by")) != "orders" {
				t.Error("the handler does not have what Before added")
			}
			switch p.N {
			case 1:
				return errors.New("no ink")
			case 2:
				panic("paper jam")
			}
			return nil
		})
		emit(t, e, n.View("orders"), 0, 1, 2)
		synctest.Wait()
		want := []string{"event orders.created mail orders ok", "event orders.created mail orders internal", "event orders.created mail orders internal"}
		if !slices.Equal(lines, want) {
			t.Errorf("saw %q, want %q", lines, want)
		}
	})
}
