package bus

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Proves: B5. A handler that does not look at its context keeps its caller, unless
// the action is Detached.
func TestDetachedCallerComesBackInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, log := quietNode(t, Options{})
		inner := echo("beta.inner")
		inner.Handle(n.View("beta"), func(context.Context, ping) (pong, error) { return pong{}, nil })
		var late error
		deaf := func(ctx context.Context, req ping) (pong, error) {
			<-time.After(time.Minute)
			_, late = inner.Call(ctx, n.View("alpha"), req)
			return pong(req), nil
		}
		attached, detached := echo("alpha.attached"), NewAction[ping, pong]("alpha.detached", Detached())
		attached.Handle(n.View("alpha"), deaf)
		detached.Handle(n.View("alpha"), deaf)
		took := func(a *Action[ping, pong], ctx context.Context) (time.Duration, Code) {
			began := time.Now()
			_, err := a.With(Timeout(2*time.Second)).Call(ctx, n.View("test"), ping{})
			return time.Since(began), CodeOf(err)
		}
		if d, code := took(attached, t.Context()); d != time.Minute || code != DeadlineExceeded {
			t.Errorf("attached: %s after %s", code, d)
		}
		if d, code := took(detached, t.Context()); d != 2*time.Second || code != DeadlineExceeded {
			t.Errorf("detached: %s after %s, want the deadline after 2 s", code, d)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if d, code := took(detached, ctx); d != time.Second || code != Canceled {
			t.Errorf("detached: %s after %s, want canceled after 1 s", code, d)
		}
		left := n.InFlight()
		if len(left) != 2 || left[0].Action != "alpha.detached" || left[0].Age != 3*time.Second || left[0].RequestID == "" {
			t.Errorf("in flight: %+v", left)
		}
		began := time.Now()
		if err := n.Drain(t.Context()); err != nil || time.Since(began) != 59*time.Second {
			t.Errorf("drained after %s: %v", time.Since(began), err)
		}
		if CodeOf(late) != DeadlineExceeded || len(n.InFlight()) != 0 {
			t.Errorf("what a handler called after its caller had gone: %v", late)
		}
		if !strings.Contains(log.String(), "came back after its caller had gone") {
			t.Errorf("logged %q", log)
		}
		if got := codes(n, "alpha.detached", "test"); got["deadline_exceeded"] != 1 || got["canceled"] != 1 {
			t.Errorf("counted %v", got)
		}
	})
}

// Otherwise a detached handler is like any other, and one that ends its goroutine
// does not end its caller's.
func TestDetachedHandlerAnswersLikeAnother(t *testing.T) {
	n, log := quietNode(t, Options{})
	inner := echo("beta.inner")
	inner.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
		return pong{len(n.InFlight())}, ctx.Err()
	})
	a := NewAction[ping, pong]("alpha.do", Detached())
	a.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		if at, ok := ctx.Deadline(); !ok || time.Until(at) > DefaultTimeout || RequestID(ctx) != "r1" {
			t.Errorf("the deadline is %v, the request id %q", at, RequestID(ctx))
		}
		switch req.N {
		case 1:
			return pong{}, Errorf(NotFound, "nothing")
		case 2:
			panic("secret")
		case 3:
			runtime.Goexit()
		}
		return inner.Call(ctx, n.View("alpha"), req)
	})
	ctx := WithRequestID(t.Context(), "r1")
	for i, want := range []Code{OK, NotFound, Internal, Internal} {
		res, err := a.Call(ctx, n.View("test"), ping{i})
		if CodeOf(err) != want || err == nil && res.N != 1 {
			t.Errorf("%d: got %v, %v; want %s", i, res, err, want)
		}
	}
	for _, s := range n.Stats() {
		if s.Action == "alpha.do" && (s.Panics != 1 || s.InFlight != 0) {
			t.Errorf("counted %+v", s)
		}
	}
	if !strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), "Goexit") {
		t.Errorf("logged %q", log)
	}
}

// Whichever is first, the end of the handler or of the deadline, the call ends once.
func TestDetachedHandlerThatEndsAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := NewAction[ping, pong]("alpha.close", Detached())
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			<-time.After(time.Second)
			return pong{}, errors.New("too late to matter")
		})
		punctual := a.With(Timeout(time.Second))
		for range 200 {
			if _, err := punctual.Call(t.Context(), n.View("test"), ping{}); CodeOf(err) != DeadlineExceeded {
				t.Fatal(err)
			}
		}
		if err := n.Drain(t.Context()); err != nil || len(n.InFlight()) != 0 {
			t.Errorf("%v, %d in flight", err, len(n.InFlight()))
		}
	})
}
