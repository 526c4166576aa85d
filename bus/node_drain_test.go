package bus

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// chain is three services, each of which takes a second and then calls the next.
// With planted, the node refuses nested calls too while it drains.
func chain(n *Node, planted bool) *Action[ping, pong] {
	names := []string{"alpha", "beta", "gamma"}
	var next *Action[ping, pong]
	for i := len(names) - 1; i >= 0; i-- {
		below, view := next, n.View(names[i])
		step := echo(names[i] + ".step")
		step.Handle(view, func(ctx context.Context, req ping) (pong, error) {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return pong{}, ctx.Err()
			}
			if below == nil {
				return pong(req), nil
			}
			if planted {
				ctx = context.WithValue(ctx, frameKey, nil) // forgets that it is nested
			}
			return below.Call(ctx, view, req)
		})
		next = step
	}
	return next
}

// callers keeps 200 callers calling until refused, drains in the middle, and
// counts what was served and what was lost.
func callers(t *testing.T, planted bool) (served, lost int64) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := chain(n, planted)
		var done, failed atomic.Int64
		ended := make(chan struct{})
		for i := range 200 {
			go func() {
				defer func() { ended <- struct{}{} }()
				<-time.After(time.Duration(i) * 7 * time.Millisecond)
				for {
					res, err := a.Call(t.Context(), n.View("test"), ping{i})
					switch {
					case err == nil && res.N == i:
						done.Add(1)
					case CodeOf(err) == Unavailable && strings.Contains(err.Error(), "alpha.step"):
						return // refused before it began
					default:
						failed.Add(1)
					}
				}
			}()
		}
		<-time.After(10 * time.Second)
		if err := n.Drain(t.Context()); err != nil {
			t.Errorf("drain: %v", err)
		}
		if left := n.InFlight(); len(left) != 0 {
			t.Errorf("after drain %d calls are in flight", len(left))
		}
		for range 200 {
			<-ended
		}
		for _, s := range n.Stats() {
			if s.InFlight != 0 {
				t.Errorf("%s counts %d in flight", s.Action, s.InFlight)
			}
		}
		served, lost = done.Load(), failed.Load()
	})
	return served, lost
}

// Proves: R6, the bus's part: what was begun is finished, nested calls included.
func TestDrainLosesNothingOfAChain(t *testing.T) {
	served, lost := callers(t, false)
	if lost != 0 || served < 200 {
		t.Errorf("served %d, lost %d", served, lost)
	}
	if _, lost := callers(t, true); lost == 0 {
		t.Error("a bus that refuses nested calls lost nothing: this test sees nothing")
	}
}

func TestDrainNamesWhatItCuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{DefaultTimeout: -1})
		stop := make(chan struct{})
		a := echo("alpha.stuck")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			<-stop
			return pong{}, nil
		})
		ended := make(chan error)
		for range 2 {
			go func() {
				_, err := a.Call(WithRequestID(t.Context(), "r1"), n.View("beta"), ping{})
				ended <- err
			}()
			synctest.Wait()
			<-time.After(time.Second)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		err := n.Drain(ctx)
		var cut *DrainError
		if !errors.As(err, &cut) || len(cut.Cut) != 2 || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		first := cut.Cut[0]
		if first.Age != 5*time.Second || !first.Start.Equal(time.Now().Add(-5*time.Second)) ||
			first.Action != "alpha.stuck" || first.Caller != "beta" || first.RequestID != "r1" {
			t.Errorf("the oldest is %+v", first)
		}
		if want := "2 calls were still in flight: alpha.stuck called by beta (request r1) after 5s"; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("it reads %q", err)
		}
		if one := (&DrainError{Cut: cut.Cut[:1], Events: []EventBacklog{{Subscriber: "stock", Event: "orders.created", Waiting: 1}}}).Error(); !strings.HasPrefix(one, "1 call was still in flight: alpha.stuck") || !strings.HasSuffix(one, "; 1 event orders.created was still waiting for stock") {
			t.Errorf("one of each reads %q", one)
		}
		close(stop)
		for range 2 {
			if err := <-ended; err != nil {
				t.Errorf("a call that was cut from Drain's view failed: %v", err)
			}
		}
		if err := n.Drain(t.Context()); err != nil {
			t.Errorf("a second drain: %v", err)
		}
	})
}

func TestSeveralDrainsWaitForTheSameCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		stop := make(chan struct{})
		a := echo("alpha.busy")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			<-stop
			return pong{}, nil
		})
		go a.Call(t.Context(), n.View("beta"), ping{})
		synctest.Wait()
		drained := make(chan error)
		for range 3 {
			go func() { drained <- n.Drain(t.Context()) }()
		}
		synctest.Wait()
		select {
		case <-drained:
			t.Fatal("a drain did not wait")
		default:
		}
		close(stop)
		for range 3 {
			if err := <-drained; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAfterCloseEveryCallIsUnavailable(t *testing.T) {
	n, _ := quietNode(t, Options{})
	outer, inner := echo("alpha.outer"), echo("beta.inner")
	inner.Handle(n.View("beta"), answers)
	outer.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		if err := n.Close(ctx); err != nil {
			t.Error(err)
		}
		_, err := inner.Call(ctx, n.View("alpha"), req)
		if CodeOf(err) != Unavailable || !strings.Contains(err.Error(), "closed") {
			t.Errorf("a nested call after close: %v", err)
		}
		return pong{}, nil
	})
	if _, err := outer.Call(t.Context(), n.View("test"), ping{}); err != nil {
		t.Errorf("the call that was running: %v", err)
	}
	for _, a := range []*Action[ping, pong]{outer, echo("alpha.new")} {
		if _, err := a.Call(t.Context(), n.View("test"), ping{}); CodeOf(err) != Unavailable {
			t.Errorf("%s after close: %v", a.Name(), err)
		}
	}
	if err := n.Close(t.Context()); err != nil {
		t.Errorf("a second close: %v", err)
	}
}

func TestHeldServiceHasNotStartedYet(t *testing.T) {
	n, _ := quietNode(t, Options{})
	n.Hold("alpha")
	a, b := echo("alpha.one"), echo("beta.two")
	a.Handle(n.View("alpha"), answers)
	b.Handle(n.View("beta"), answers)
	_, err := a.Call(t.Context(), n.View("test"), ping{})
	var e *Error
	if !errors.As(err, &e) || e.Code != Unavailable || !e.Retryable || !strings.Contains(e.Message, "alpha has not started yet") {
		t.Errorf("a held service: %v", err)
	}
	if _, err := b.Call(t.Context(), n.View("test"), ping{}); err != nil {
		t.Errorf("another service: %v", err)
	}
	if err := n.Release("alpha"); err != nil {
		t.Error(err)
	}
	if _, err := a.Call(t.Context(), n.View("test"), ping{}); err != nil {
		t.Errorf("a released service: %v", err)
	}
	n.Hold("alpha")
	if _, err := a.Call(t.Context(), n.View("test"), ping{}); CodeOf(err) != Unavailable {
		t.Errorf("a service held again: %v", err)
	}
}
