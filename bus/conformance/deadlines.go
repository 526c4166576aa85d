package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// tolerance is how much later than meant a busy machine may look.
const tolerance = 3 * time.Second / 2

// within says in which of some steps a time lies: the figures are not exact, what
// they are near to is.
func within(d time.Duration, steps ...time.Duration) string {
	for _, s := range steps {
		if d <= s && d > s-tolerance {
			return "about " + s.String()
		}
	}
	return "not " + fmt.Sprint(steps) + " but " + d.String()
}

// timeLeft is how long a handler has.
func timeLeft(ctx context.Context) time.Duration {
	at, ok := ctx.Deadline()
	if !ok {
		return -1
	}
	return time.Until(at)
}

// left serves an action that answers the time it has.
func left(w *world) *bus.Action[nothing, time.Duration] {
	return serve(w, "oracle.left", func(ctx context.Context, _ nothing) (time.Duration, error) { return timeLeft(ctx), nil })
}

// leaves says the time that a handler has if the call is limited so; zero is no limit.
func leaves(byContext, byPolicy time.Duration) func(w *world) string {
	return func(w *world) string {
		w.open(func(o *bus.Options) { o.DefaultTimeout = 7 * time.Second })
		a := left(w)
		w.start()
		ctx := w.t.Context()
		if byContext > 0 {
			limited, cancel := context.WithTimeout(ctx, byContext)
			defer cancel()
			ctx = limited
		}
		d, err := a.With(bus.Timeout(byPolicy)).Call(ctx, w.shop, nothing{})
		if err != nil {
			return describe(err)
		}
		return within(d, 3*time.Second, 5*time.Second, 7*time.Second, 20*time.Second)
	}
}

func deadlineRows() []row {
	return []row{
		{name: "deadlines/a root has the node's default", run: leaves(0, 0), want: "about 7s"},
		{name: "deadlines/the context's", run: leaves(3*time.Second, 0), want: "about 3s"},
		{name: "deadlines/the policy's", run: leaves(0, 5*time.Second), want: "about 5s"},
		{name: "deadlines/a policy may be longer than the default", run: leaves(0, 20*time.Second), want: "about 20s"},
		{name: "deadlines/a context may be longer than the default", run: leaves(20*time.Second, 0), want: "about 20s"},
		{name: "deadlines/the context's before the policy's", run: leaves(3*time.Second, 5*time.Second), want: "about 3s"},
		{name: "deadlines/the policy's before the context's", run: leaves(5*time.Second, 3*time.Second), want: "about 3s"},
		{name: "deadlines/none by default", run: noDeadline, want: "none"},
		{name: "deadlines/what is left goes down the chain", run: chainOfDeadlines, want: "less and less, all about 3s"},
		{name: "deadlines/a nested limit is for the nested call", run: nestedLimit, want: "below about 3s, afterwards about 7s"},
		{name: "deadlines/passed before the call", run: expiredBefore, want: "deadline_exceeded, handler ran 0 times"},
		{name: "deadlines/a handler that waits for its context", run: heedful, want: "deadline_exceeded, is the context's error true"},
		{name: "deadlines/a result that is late", run: late, want: "0 deadline_exceeded"},
		{name: "deadlines/an error that is late", run: lateError, want: "deadline_exceeded"},
		{name: "deadlines/the caller of a handler that heeds nothing", run: heedless, want: "waits for the handler", differs: interrupts, other: "is free"},
	}
}

func noDeadline(w *world) string {
	w.open(func(o *bus.Options) { o.DefaultTimeout = -1 })
	a := left(w)
	w.start()
	d, err := a.Call(w.t.Context(), w.shop, nothing{})
	switch {
	case err != nil:
		return describe(err)
	case d == -1:
		return "none"
	}
	return d.String()
}

func chainOfDeadlines(w *world) string {
	low := serve(w, "library.left", func(ctx context.Context, _ nothing) ([]time.Duration, error) {
		return []time.Duration{timeLeft(ctx)}, nil
	})
	top := serve(w, "oracle.left", func(ctx context.Context, _ nothing) ([]time.Duration, error) {
		own := timeLeft(ctx)
		<-time.After(time.Millisecond)
		below, err := low.Call(ctx, w.oracle, nothing{})
		return append([]time.Duration{own}, below...), err
	})
	w.start()
	ctx, cancel := context.WithTimeout(w.t.Context(), 3*time.Second)
	defer cancel()
	got, err := top.Call(ctx, w.shop, nothing{})
	if err != nil || len(got) != 2 || got[0] <= got[1] || got[0] > 3*time.Second {
		return fmt.Sprint(got, err)
	}
	return "less and less, all " + within(got[1], 3*time.Second)
}

func nestedLimit(w *world) string {
	w.open(func(o *bus.Options) { o.DefaultTimeout = 7 * time.Second })
	low := serve(w, "library.left", func(ctx context.Context, _ nothing) (time.Duration, error) { return timeLeft(ctx), nil })
	hurried := low.With(bus.Timeout(3 * time.Second))
	top := serve(w, "oracle.left", func(ctx context.Context, _ nothing) ([]time.Duration, error) {
		below, err := hurried.Call(ctx, w.oracle, nothing{})
		return []time.Duration{below, timeLeft(ctx)}, err
	})
	w.start()
	got, err := top.Call(w.t.Context(), w.shop, nothing{})
	if err != nil || len(got) != 2 {
		return fmt.Sprint(got, err)
	}
	return "below " + within(got[0], 3*time.Second) + ", afterwards " + within(got[1], 7*time.Second)
}

func expiredBefore(w *world) string {
	ran := 0
	a := serve(w, "oracle.ask", func(context.Context, nothing) (nothing, error) {
		ran++
		return nothing{}, nil
	})
	w.start()
	ctx, cancel := context.WithDeadline(w.t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err := a.Call(ctx, w.shop, nothing{})
	return fmt.Sprintf("%s, handler ran %d times", bus.CodeOf(err), ran)
}

// short is a deadline that passes; the rows wait for it.
const short = 30 * time.Millisecond

func heedful(w *world) string {
	a := serve(w, "oracle.wait", func(ctx context.Context, _ nothing) (nothing, error) {
		<-ctx.Done()
		return nothing{}, ctx.Err()
	})
	w.start()
	_, err := a.With(bus.Timeout(short)).Call(w.t.Context(), w.shop, nothing{})
	return fmt.Sprintf("%s, is the context's error %v", bus.CodeOf(err), errors.Is(err, context.DeadlineExceeded))
}

func late(w *world) string {
	a := serve(w, "oracle.wait", func(context.Context, nothing) (int, error) {
		<-time.After(3 * short)
		return 7, nil
	})
	w.start()
	v, err := a.With(bus.Timeout(short)).Call(w.t.Context(), w.shop, nothing{})
	return fmt.Sprint(v, " ", bus.CodeOf(err))
}

func lateError(w *world) string {
	a := serve(w, "oracle.wait", func(context.Context, nothing) (int, error) {
		<-time.After(3 * short)
		return 0, errMoody.Errorf("no")
	})
	w.start()
	_, err := a.With(bus.Timeout(short)).Call(w.t.Context(), w.shop, nothing{})
	return bus.CodeOf(err).String()
}

func heedless(w *world) string {
	release := newGate(w)
	a := serve(w, "oracle.wait", func(context.Context, nothing) (nothing, error) {
		<-release.opened
		return nothing{}, nil
	})
	w.start()
	return whoWaits(w, release, func() error {
		_, err := a.With(bus.Timeout(short)).Call(w.t.Context(), w.shop, nothing{})
		return err
	})
}

// whoWaits says whether a call ends before its handler is released.
func whoWaits(w *world, release *gate, call func() error) string {
	ended := make(chan error, several)
	go func() { ended <- call() }()
	select {
	case err := <-ended:
		release.open()
		if err == nil {
			return "is free without an error"
		}
		return "is free"
	case <-time.After(20 * short):
		release.open()
		await(w, ended, "the call to end")
		return "waits for the handler"
	}
}
