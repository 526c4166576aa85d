package bus

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Proves: B5
func TestHandlerThatIgnoresItsContextIsLateNotRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.deaf")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			<-time.After(11 * time.Second)
			return pong{7}, nil
		})
		res, err := a.Call(t.Context(), n.View("beta"), ping{})
		if CodeOf(err) != DeadlineExceeded || res != (pong{}) {
			t.Errorf("got %v, %v; want no result and deadline exceeded", res, err)
		}
		s := n.Stats()[0]
		if s.Requests[DeadlineExceeded] != 1 || s.Duration.Count != 1 || s.InFlight != 0 {
			t.Errorf("counted %+v", s)
		}
	})
}

// Proves: B5
func TestDefaultTimeoutCanBeSetAndTurnedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for limit, want := range map[time.Duration]bool{time.Second: true, -1: false} {
			n, _ := quietNode(t, Options{DefaultTimeout: limit})
			a := echo("alpha.slow")
			a.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
				if _, has := ctx.Deadline(); has != want {
					t.Errorf("with default %s: has a deadline: %v, want %v", limit, has, want)
				}
				select {
				case <-ctx.Done():
					return pong{}, ctx.Err()
				case <-time.After(time.Hour):
					return pong{}, nil
				}
			})
			if _, err := a.Call(t.Context(), n.View("beta"), ping{}); (CodeOf(err) == DeadlineExceeded) != want {
				t.Errorf("with default %s: %v", limit, err)
			}
		}
	})
}

// Proves: B6
func TestNestedCallsInheritTheRemainingTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		outer, inner := echo("alpha.outer"), echo("beta.inner")
		remaining := func(ctx context.Context) time.Duration {
			at, ok := ctx.Deadline()
			if !ok {
				t.Error("no deadline")
			}
			return time.Until(at)
		}
		var seen []time.Duration
		inner.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
			seen = append(seen, remaining(ctx))
			return pong{}, nil
		})
		quick, patient := inner.With(Timeout(time.Second)), inner.With(Timeout(time.Minute))
		outer.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			<-time.After(4 * time.Second)
			for _, a := range []*Action[ping, pong]{inner, quick, patient} {
				if _, err := a.Call(ctx, n.View("alpha"), req); err != nil {
					return pong{}, err
				}
			}
			short, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			return inner.Call(short, n.View("alpha"), req)
		})
		if _, err := outer.Call(t.Context(), n.View("test"), ping{}); err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{6 * time.Second, time.Second, 6 * time.Second, 2 * time.Second}
		for i := range want {
			if seen[i] != want[i] {
				t.Errorf("call %d had %s left, want %s", i, seen[i], want[i])
			}
		}
	})
}

// Proves: B6
func TestNestedPolicyEndsOnlyTheNestedCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		outer, inner := echo("alpha.outer"), echo("beta.inner")
		inner.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
			<-ctx.Done()
			return pong{}, ctx.Err()
		})
		quick := inner.With(Timeout(time.Second))
		outer.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			_, err := quick.Call(ctx, n.View("alpha"), req)
			if CodeOf(err) != DeadlineExceeded || ctx.Err() != nil {
				t.Errorf("got %v, and %v from the outer context", err, ctx.Err())
			}
			return pong{1}, nil
		})
		if _, err := outer.Call(t.Context(), n.View("test"), ping{}); err != nil {
			t.Errorf("the outer call failed: %v", err)
		}
	})
}

func TestExpiredAndCanceledContextsCallNobody(t *testing.T) {
	expired, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for want, ctx := range map[Code]context.Context{DeadlineExceeded: expired, Canceled: canceledContext()} {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.never")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			t.Error("the handler was called")
			return pong{}, nil
		})
		_, err := a.Call(ctx, n.View("beta"), ping{})
		if CodeOf(err) != want || !errors.Is(err, ctx.Err()) {
			t.Errorf("got %v, want %s", err, want)
		}
		if s := n.Stats()[0]; s.Requests[want] != 1 {
			t.Errorf("counted %+v", s.Requests)
		}
	}
}

func TestNestedCallAfterTheDeadlineCallsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		outer, inner := echo("alpha.outer"), echo("beta.inner")
		inner.Handle(n.View("beta"), func(context.Context, ping) (pong, error) {
			t.Error("the handler was called")
			return pong{}, nil
		})
		outer.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			<-time.After(DefaultTimeout)
			_, err := inner.Call(ctx, n.View("alpha"), req)
			if CodeOf(err) != DeadlineExceeded {
				t.Errorf("got %v", err)
			}
			return pong{}, err
		})
		outer.Call(t.Context(), n.View("test"), ping{})
	})
}

// A deadline that was read from somewhere has no monotonic part.
func TestDeadlineByTheWallClock(t *testing.T) {
	n, _ := quietNode(t, Options{})
	for _, at := range []time.Time{time.Now().Add(time.Hour), time.Now().Add(time.Hour).Round(0)} {
		got := n.reading(at, n.now())
		if off := time.Duration(got-n.now()) - time.Hour; off < -time.Minute || off > time.Minute {
			t.Errorf("%s is off by %s", at, off)
		}
	}
}
