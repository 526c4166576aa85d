package bus

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// A service that settles handles what it has accepted, and accepts no more.
func TestSettledServiceAcceptsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		e := told("orders.created")
		var got diary
		release := blocked(n, e, "stock", &got)
		emit(t, e, n.View("orders"), 1, 2)
		settled := make(chan error, 1)
		go func() { settled <- n.Settle(t.Context(), "stock") }()
		synctest.Wait()
		emit(t, e, n.View("orders"), 3)
		release()
		if err := <-settled; err != nil {
			t.Error(err)
		}
		emit(t, e, n.View("orders"), 4)
		synctest.Wait()
		got.want(t, 1, 2)
		if s := countersOf(t, n, "stock", "orders.created"); s.Dropped[Stopping] != 2 {
			t.Errorf("counted %+v, want two that came too late", s)
		}
	})
}

// busyOnce is a subscription of a test's own, which does something when it is looked at.
type busyOnce struct {
	listener

	look func()
}

func (b *busyOnce) busy() <-chan struct{} { b.look(); return b.listener.busy() }

// A handler may emit to a queue that was found empty, and end before it is looked at.
func TestDrainLooksTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		first, second := told("orders.created"), told("orders.paid")
		var got, other diary
		release := blocked(n, first, "stock", &got)
		second.Subscribe(n.View("mail"), other.write)
		looks := 0
		n.listeners[1] = &busyOnce{n.listeners[1], func() {
			if looks++; looks == 1 { // the queue of stock is known to be empty
				if err := first.Emit(WhileDraining(t.Context()), n.View("orders"), ping{1}); err != nil {
					t.Error(err)
				}
			}
		}}
		drained := make(chan error, 1)
		go func() { drained <- n.Drain(t.Context()) }()
		synctest.Wait()
		select {
		case err := <-drained:
			t.Fatalf("the drain ended, %v, before the event was handled", err)
		default:
		}
		release()
		if err := <-drained; err != nil {
			t.Error(err)
		}
		got.want(t, 1)
	})
}

// A deadline by the wall clock is that of the wall clock, which may have been set since
// the node was made; the monotonic clock does not know of it.
func TestWallClockThatWasSetMovesItsDeadlines(t *testing.T) {
	n, _ := quietNode(t, Options{})
	before := n.base
	parts := (*[3]uint64)(unsafe.Pointer(&n.base)) // of package time: the wall clock's seconds are from bit 30 on
	parts[0] -= uint64(2*time.Hour/time.Second) << 30
	if n.base.Round(0).Sub(before.Round(0)) != -2*time.Hour || n.base.Sub(before) != 0 {
		t.Skip("package time keeps its times otherwise")
	}
	at := time.Now().Add(time.Hour)
	for what, at := range map[string]time.Time{"monotonic": at, "wall": at.Round(0)} {
		got := time.Duration(n.reading(at, n.now()) - n.now())
		if off := got - time.Hour; off < -time.Minute || off > time.Minute {
			t.Errorf("a deadline by the %s clock in an hour is in %s", what, got)
		}
	}
}

// Watchers get bytes of their own.
func TestWatchersDoNotShareBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := &published{carried: carried{deliver: map[string]func(*Bus, Publication){}}}
		n, _ := quietNode(t, Options{Transport: link})
		for range 2 {
			stop, err := n.View("console").SubscribeAll(">", func(_ context.Context, s Notice) error {
				if string(s.Body) != `{"N":1}` {
					t.Errorf("a watcher saw %s", s.Body)
				}
				clear(s.Body)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
		}
		emit(t, told("orders.created"), n.View("orders"), 1)
		synctest.Wait()
		if string(link.body) != `{"N":1}` {
			t.Errorf("published was %q", link.body)
		}
	})
}

// published is a transport that keeps what is published last.
type published struct {
	carried

	body []byte
}

func (p *published) Events() Carrier { return p }

func (p *published) Publish(_ context.Context, m Publication) error {
	synctest.Wait() // the watchers are first
	p.body = m.Body
	return nil
}
