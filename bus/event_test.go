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
