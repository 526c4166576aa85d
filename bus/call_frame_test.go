package bus

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// keep makes a call of its own and returns the context that its handler got.
func keep(t *testing.T, n *Node, ctx context.Context, use func(context.Context)) context.Context {
	t.Helper()
	var got context.Context
	a := echo("keeper.keep")
	a.Handle(n.View("keeper"), func(ctx context.Context, _ ping) (pong, error) {
		got = ctx
		if use != nil {
			use(ctx)
		}
		return pong{}, nil
	})
	if _, err := a.Call(ctx, n.View("test"), ping{}); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFrameIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(frame{}); size > 96 {
		t.Errorf("a frame has %d bytes, want at most 96", size)
	}
}

func TestRootAllocatesOneFrameAndNestedNothing(t *testing.T) {
	view, add := addNode(t)
	root := testing.AllocsPerRun(100, func() {
		if _, err := add.Call(t.Context(), view, sum{1, 2}); err != nil {
			t.Error(err)
		}
	})
	if root != 1 {
		t.Errorf("a root call allocates %v times, want once", root)
	}
	within(t, view, func(ctx context.Context) {
		nested := testing.AllocsPerRun(100, func() {
			if _, err := add.Call(ctx, view, sum{1, 2}); err != nil {
				t.Error(err)
			}
		})
		if nested != 0 {
			t.Errorf("a nested call allocates %v times, want 0", nested)
		}
	})
}

func TestTimerExistsOnlyIfDoneIsAsked(t *testing.T) {
	n, _ := quietNode(t, Options{})
	ctx := keep(t, n, t.Context(), func(ctx context.Context) {
		if ctx.Err() != nil {
			t.Error("a fresh call has ended")
		}
		if _, ok := ctx.Deadline(); !ok {
			t.Error("a root has no deadline")
		}
		if ctx.(*frame).alarm.Load() != nil {
			t.Error("there is a timer that nobody asked for")
		}
		if ctx.Done() == nil || ctx.(*frame).alarm.Load() == nil {
			t.Error("there is no timer though Done was asked for")
		}
	})
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("after its root a context says %v, want canceled", ctx.Err())
	}
}

func TestContextEndsWithItsRootThoughNobodyAskedForDone(t *testing.T) {
	n, _ := quietNode(t, Options{})
	ctx := keep(t, n, t.Context(), nil)
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("after its root a context says %v, want canceled", ctx.Err())
	}
	select {
	case <-ctx.Done():
	default:
		t.Error("Done is open after the root has returned")
	}
}

// A frame ends with its root: a context that is kept longer begins a new root.
func TestKeptContextIsARootAgain(t *testing.T) {
	type key struct{}
	type other struct{}
	n, _ := quietNode(t, Options{})
	probe := echo("prober.probe")
	var frames []*frame
	var values []any
	probe.Handle(n.View("prober"), func(ctx context.Context, _ ping) (pong, error) {
		f, _ := ctx.(*frame)
		frames, values = append(frames, f), append(values, ctx.Value(key{}))
		return pong{}, ctx.Err()
	})
	ctx := keep(t, n, context.WithValue(t.Context(), key{}, "v"), func(ctx context.Context) {
		if _, err := probe.Call(ctx, n.View("test"), ping{}); err != nil {
			t.Error(err)
		}
	})
	for _, kept := range []context.Context{ctx, context.WithValue(ctx, other{}, 1), context.WithoutCancel(ctx)} {
		if _, err := probe.Call(kept, n.View("test"), ping{}); err != nil {
			t.Errorf("a call with a kept context: %v", err)
		}
	}
	for i, f := range frames {
		if i > 0 && (f == nil || f == frames[0] || f.edge.seat.name != "prober.probe") {
			t.Errorf("call %d with a kept context is no root", i)
		}
		if values[i] != "v" {
			t.Errorf("call %d lost a value of its context", i)
		}
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := probe.Call(ctx, n.View("test"), ping{}); CodeOf(err) != Unavailable {
		t.Errorf("a kept context passes a drained node: %v", err)
	}
}

func TestKeptContextWithACancellationOfItsOwnStaysCanceled(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { return pong{}, nil })
	var derived context.Context
	keep(t, n, t.Context(), func(ctx context.Context) {
		var cancel context.CancelFunc
		derived, cancel = context.WithTimeout(ctx, time.Hour)
		t.Cleanup(cancel)
	})
	<-derived.Done()
	if _, err := a.Call(derived, n.View("test"), ping{}); CodeOf(err) != Canceled {
		t.Errorf("got %v, want canceled", err)
	}
}

func TestDerivedContextsEndWithTheFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.wait")
		a.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
			derived, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			<-derived.Done()
			return pong{}, derived.Err()
		})
		began := time.Now()
		_, err := a.Call(t.Context(), n.View("test"), ping{})
		if took := time.Since(began); took != DefaultTimeout || CodeOf(err) != DeadlineExceeded {
			t.Errorf("got %v after %s", err, took)
		}
	})
}

// A context does not change its reason.
func TestErrIsStable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		parent, cancel := context.WithCancel(t.Context())
		var got context.Context
		a := echo("alpha.late")
		a.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
			got = ctx
			<-time.After(time.Minute)
			if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				t.Errorf("got %v after the deadline", ctx.Err())
			}
			return pong{}, nil
		})
		_, err := a.Call(parent, n.View("test"), ping{})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(got.Err(), context.DeadlineExceeded) {
			t.Errorf("got %v, and %v from the context", err, got.Err())
		}
		<-got.Done()
	})
}

func TestCanceledParentIsSeenWithAndWithoutDone(t *testing.T) {
	for _, ask := range []bool{false, true} {
		n, _ := quietNode(t, Options{})
		parent, cancel := context.WithCancel(t.Context())
		a := echo("alpha.cancel")
		a.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
			if ask {
				ctx.Done()
			}
			cancel()
			return pong{}, ctx.Err()
		})
		_, err := a.Call(parent, n.View("test"), ping{})
		if CodeOf(err) != Canceled || !errors.Is(err, context.Canceled) {
			t.Errorf("asked for Done: %v: got %v, want canceled", ask, err)
		}
	}
}

// Frames of another node between do not make a call a root.
func TestCallThroughAnotherNodeStaysNested(t *testing.T) {
	here, _ := quietNode(t, Options{})
	there, _ := quietNode(t, Options{})
	first, middle, last := echo("alpha.first"), echo("beta.middle"), echo("alpha.last")
	first.Handle(here.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		return middle.Call(ctx, there.View("alpha"), req)
	})
	middle.Handle(there.View("beta"), func(ctx context.Context, req ping) (pong, error) {
		here.stop.Or(draining) // what is no part of a call in flight would be refused
		return last.Call(ctx, here.View("beta"), req)
	})
	last.Handle(here.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		return pong{len(here.InFlight())}, nil
	})
	res, err := first.Call(t.Context(), here.View("test"), ping{})
	if err != nil || res.N != 1 {
		t.Errorf("got %v, %v; want one root in flight", res, err)
	}
}

func canceledContext() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestRequestIDIsOneForAllCallsBelowARoot(t *testing.T) {
	n, _ := quietNode(t, Options{})
	var ids []string
	outer, inner := echo("alpha.outer"), echo("beta.inner")
	inner.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
		ids = append(ids, RequestID(ctx))
		return pong{}, nil
	})
	outer.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		ids = append(ids, RequestID(ctx), n.InFlight()[0].RequestID)
		if _, err := inner.With(Timeout(time.Second)).Call(ctx, n.View("alpha"), req); err != nil {
			return pong{}, err
		}
		return inner.Call(ctx, n.View("alpha"), req)
	})
	for _, want := range []string{"", "given"} {
		ids = nil
		if _, err := outer.Call(WithRequestID(t.Context(), want), n.View("test"), ping{}); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if id == "" || id != ids[0] || want != "" && id != want {
				t.Errorf("ids %q, want one, %q if that is not empty", ids, want)
			}
		}
	}
	if id := RequestID(t.Context()); id != "" {
		t.Errorf("outside a call the id is %q", id)
	}
}
