package bus

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Proves: B18
func TestBreakerIsOffUnlessBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, log := quietNode(t, Options{})
		a := echo("alpha.sick")
		calls, sick := 0, true
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			if calls++; sick {
				return pong{}, away()
			}
			return pong{}, nil
		})
		view := n.View("test")
		for range 100 {
			_, _ = a.Call(t.Context(), view, ping{})
		}
		if calls != 100 {
			t.Errorf("without the policy %d of 100 calls came through", calls)
		}
		bound := a.With(Breaker(BreakerPolicy{MinRequests: 10, OpenFor: time.Minute}))
		for range 100 {
			_, _ = bound.Call(t.Context(), view, ping{})
		}
		if calls != 110 {
			t.Errorf("with the policy %d of 100 calls came through, want 10", calls-100)
		}
		_, err := bound.Call(t.Context(), view, ping{})
		var e *Error
		if !errors.Is(err, ErrBreakerOpen) || !errors.As(err, &e) || e.Code != Unavailable || e.Service != "alpha" || e.Action != "alpha.sick" {
			t.Errorf("an open breaker answers %v", err)
		}
		if s := n.PolicyStats()[0].Breaker; s.State != BreakerOpen || s.Opened != 1 || s.Rejected != 91 {
			t.Errorf("counted %+v", s)
		}
		<-time.After(time.Minute)
		sick = false
		for range 5 {
			if _, err := bound.Call(t.Context(), view, ping{}); err != nil {
				t.Errorf("after it has recovered: %v", err)
			}
		}
		if s := n.PolicyStats()[0].Breaker; s.State != BreakerClosed || !strings.Contains(log.String(), "breaker opened") || !strings.Contains(log.String(), "breaker closed") {
			t.Errorf("it is %s, and the log says %q", s.State, log)
		}
		if got := codes(n, "alpha.sick", "test"); got["unavailable"] != 201 || got["ok"] != 5 {
			t.Errorf("counted %v: a refusal is an outcome of the action", got)
		}
	})
}

func TestBreakerCountsWhatSaysThatTheCalleeIsSick(t *testing.T) {
	for code := range Code(NumCodes) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.code")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			if code == OK {
				return pong{}, nil
			}
			return pong{}, Errorf(code, "as asked")
		})
		bound := a.With(Breaker(BreakerPolicy{MinRequests: 1}))
		for range 2 {
			_, _ = bound.Call(t.Context(), n.View("test"), ping{})
		}
		opens := code == Unavailable || code == DeadlineExceeded || code == Internal || code == ResourceExhausted
		if got := n.PolicyStats()[0].Breaker.State == BreakerOpen; got != opens {
			t.Errorf("%s opens: %v, want %v", code, got, opens)
		}
	}
}

// A handler that panics or ends its goroutine gives its probe back.
func TestBreakerSurvivesHandlersThatDoNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.gone")
		how := func() { panic("boom") }
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { how(); return pong{}, nil })
		bound := a.With(Breaker(BreakerPolicy{MinRequests: 1, OpenFor: time.Second}), Bulkhead(BulkheadPolicy{Concurrency: 1}))
		call := func() (err error) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, err = bound.Call(t.Context(), n.View("test"), ping{})
			}()
			<-done
			return err
		}
		if err := call(); CodeOf(err) != Internal {
			t.Error(err)
		}
		<-time.After(time.Second)
		how = runtime.Goexit
		_ = call()
		if s := n.PolicyStats()[0].Breaker; s.State != BreakerOpen || s.Opened != 2 {
			t.Errorf("a probe that never returned: %+v", s)
		}
		<-time.After(time.Second)
		how = func() {}
		if err := call(); err != nil {
			t.Errorf("after both: %v", err)
		}
	})
}

// A probe that does not get a place has proved nothing, and another may go.
func TestBulkheadGivesTheProbeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.sick")
		a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
			<-time.After(time.Duration(req.N) * time.Second)
			if req.N == 0 {
				return pong{}, away()
			}
			return pong{}, nil
		})
		view, one := n.View("test"), Bulkhead(BulkheadPolicy{Concurrency: 1})
		busy, bound := a.With(one), a.With(one, Breaker(BreakerPolicy{MinRequests: 1, OpenFor: time.Second}))
		_, _ = bound.Call(t.Context(), view, ping{0})
		var other sync.WaitGroup
		other.Go(func() { _, _ = busy.Call(t.Context(), view, ping{2}) })
		<-time.After(time.Second)
		if _, err := bound.Call(t.Context(), view, ping{1}); !errors.Is(err, ErrBulkheadFull) {
			t.Errorf("the probe: %v", err)
		}
		other.Wait()
		if _, err := bound.Call(t.Context(), view, ping{1}); err != nil {
			t.Errorf("the next probe: %v", err)
		}
	})
}
