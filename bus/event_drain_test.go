package bus

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

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
