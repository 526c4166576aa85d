package bus

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
)

// goes is an observer that ends the goroutine it runs on, the first time, before or
// after the handler.
func goes(before bool) Observer {
	went := false
	end := func() {
		if !went {
			went = true
			runtime.Goexit()
		}
	}
	if before {
		return Observer{Before: func(ctx context.Context, _ Info) context.Context { end(); return ctx }}
	}
	return Observer{After: func(context.Context, Info, error) { end() }}
}

// An observer that ends its goroutine leaves no call in the list, and no count behind.
func TestObserverThatEndsItsGoroutineEndsTheCall(t *testing.T) {
	for _, before := range []bool{true, false} {
		n, _ := quietNode(t, Options{Observers: []Observer{goes(before)}})
		a := echo("alpha.echo")
		a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) { return pong(req), nil })
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			_, _ = a.Call(context.Background(), n.View("test"), ping{})
			t.Error("the call came back")
		}()
		<-gone
		if left := n.InFlight(); len(left) != 0 {
			t.Errorf("still in flight: %+v", left)
		}
		if s := n.Stats()[0]; s.Duration.Count != 1 || s.InFlight != 0 {
			t.Errorf("counted %+v", s)
		}
		if err := n.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// So it is with events: the next one is handled.
func TestObserverThatEndsItsGoroutineStopsNoEvents(t *testing.T) {
	for _, before := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			n, _ := quietNode(t, Options{Observers: []Observer{goes(before)}})
			e := told("orders.created")
			var got diary
			e.Subscribe(n.View("mail"), got.write)
			for i := range 3 {
				emit(t, e, n.View("orders"), i)
			}
			synctest.Wait()
			if before {
				got.want(t, 1, 2)
			} else {
				got.want(t, 0, 1, 2)
			}
			if s := countersOf(t, n, "mail", "orders.created"); s.Delivered != 3 || s.Queued != 0 {
				t.Errorf("counted %+v", s)
			}
			if err := n.Drain(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
