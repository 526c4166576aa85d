package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// eventEdgeRows are about events in calls, contexts and encodings.
func eventEdgeRows() []row {
	return []row{
		{name: "events/the handler's deadline", run: eventDeadline, want: "about 7s"},
		{name: "events/emitted in a handler of a call", run: eventNested, want: "r-1"},
		{name: "events/the emitter's trace", run: eventTrace, want: someTrace + "; none"},
		{name: "events/the emitter's metadata", run: eventMetadata, want: "demo a;b; in a handler demo a;b"},
		{name: "events/one that stays in its process", run: eventLocal, want: "heard", differs: apart, other: "not heard"},
		{name: "events/an ended context", run: eventExpired, want: "deadline_exceeded; heard b"},
		{name: "events/a value that is no JSON", run: eventNaN, want: "ok", differs: carries, other: "invalid_argument"},
		refused("two subscriptions of a service", "the service oracle has subscribed to oracle.happened already", func(w *world) {
			e := bus.NewEvent[question]("oracle.happened")
			for range 2 {
				e.Subscribe(w.oracle, func(context.Context, question) error { return nil })
			}
		}),
	}
}

// hears subscribes a service of the callee's side.
func hears[T any](w *world, e *bus.Event[T], service string, h func(ctx context.Context, v T) error, opts ...bus.SubscribeOption) {
	if w.callee == nil {
		w.open()
	}
	e.Subscribe(w.callee.View(service), h, opts...)
}

// settleEvents lets what is still on its way arrive: both sides drain.
func settleEvents(w *world) {
	if err := errors.Join(w.drain(w.caller), w.drain(w.callee)); err != nil {
		w.t.Error(err)
	}
}

// once emits one event, and says what the oracle saw of it.
func once(w *world, see func(ctx context.Context) string) string {
	e := bus.NewEvent[question]("oracle.happened")
	seen := make(chan string, several)
	hears(w, e, "oracle", func(ctx context.Context, _ question) error {
		seen <- see(ctx)
		return nil
	})
	w.start()
	if err := e.Emit(bus.WithRequestID(w.t.Context(), "r-1"), w.shop, question{}); err != nil {
		return describe(err)
	}
	return await(w, seen, "the event")
}

func eventDeadline(w *world) string {
	w.open(func(o *bus.Options) { o.DefaultTimeout = 7 * time.Second })
	return once(w, func(ctx context.Context) string { return within(timeLeft(ctx), 7*time.Second) })
}

func eventNested(w *world) string {
	e := bus.NewEvent[question]("oracle.happened")
	seen := make(chan string, several)
	hears(w, e, "library", func(ctx context.Context, _ question) error {
		seen <- bus.RequestID(ctx)
		return nil
	})
	a := serve(w, "oracle.ask", func(ctx context.Context, _ nothing) (nothing, error) {
		return nothing{}, e.Emit(ctx, w.oracle, question{})
	})
	w.start()
	if _, err := a.Call(bus.WithRequestID(w.t.Context(), "r-1"), w.shop, nothing{}); err != nil {
		return describe(err)
	}
	return await(w, seen, "the event")
}

// eventTrace is what a handler sees of an emitter with a trace, and of one without.
func eventTrace(w *world) string {
	w.open(traced)
	e := bus.NewEvent[question]("oracle.happened")
	seen := make(chan string, several)
	hears(w, e, "oracle", func(ctx context.Context, _ question) error {
		seen <- cmp.Or(seenTrace(ctx), "none")
		return nil
	})
	w.start()
	for _, ctx := range []context.Context{context.WithValue(w.t.Context(), traceKey{}, someTrace), w.t.Context()} {
		if err := e.Emit(ctx, w.shop, question{}); err != nil {
			return describe(err)
		}
	}
	return lines(await(w, seen, "the first event"), await(w, seen, "the second event"))
}

func eventMetadata(w *world) string {
	e := bus.NewEvent[question]("oracle.happened")
	seen := make(chan string, several)
	hears(w, e, "oracle", func(ctx context.Context, _ question) error {
		seen <- realm.Of(ctx) + " " + language.Of(ctx)
		return nil
	})
	a := serve(w, "oracle.do", func(ctx context.Context, _ nothing) (nothing, error) {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		return nothing{}, e.Emit(ctx, w.oracle, question{})
	})
	w.start()
	ctx := realm.With(language.With(w.t.Context(), "a;b"), "demo")
	if err := e.Emit(ctx, w.shop, question{}); err != nil {
		return describe(err)
	}
	first := await(w, seen, "the event")
	if _, err := a.Call(ctx, w.shop, nothing{}); err != nil {
		return describe(err)
	}
	return lines(first, "in a handler "+await(w, seen, "the event of the handler"))
}

func eventLocal(w *world) string {
	e := bus.NewEvent[question]("oracle.happened", bus.Local())
	seen := make(chan string, several)
	hears(w, e, "oracle", func(context.Context, question) error {
		seen <- "heard"
		return nil
	})
	w.start()
	if err := e.Emit(w.t.Context(), w.shop, question{}); err != nil {
		return describe(err)
	}
	settleEvents(w)
	if len(seen) == 0 {
		return "not heard"
	}
	return <-seen
}

func eventExpired(w *world) string {
	e := bus.NewEvent[string]("oracle.happened")
	seen := make(chan string, several)
	hears(w, e, "oracle", func(_ context.Context, v string) error {
		seen <- v
		return nil
	})
	w.start()
	ctx, cancel := context.WithDeadline(w.t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	code := bus.CodeOf(e.Emit(ctx, w.shop, "a"))
	if err := e.Emit(w.t.Context(), w.shop, "b"); err != nil {
		return describe(err)
	}
	return lines(code.String(), "heard "+await(w, seen, "the event"))
}

func eventNaN(w *world) string {
	e := bus.NewEvent[float64]("oracle.happened")
	hears(w, e, "oracle", func(context.Context, float64) error { return nil })
	w.start()
	return bus.CodeOf(e.Emit(w.t.Context(), w.shop, math.NaN())).String()
}

// flushed emits numbers such that the transport's server has each before the next.
func flushed(w *world) string {
	heard, e := listen(w, "library"), said().Flushed()
	w.start()
	var errs error
	for n := range 3 {
		errs = errors.Join(errs, e.Emit(w.t.Context(), w.shop, news{Number: n + 1}))
	}
	return lines(hear(w, heard, 3), fmt.Sprint(errs))
}

func flushedBroadcast(w *world) string {
	e := said().Flushed()
	return told(w, func() error { return e.Broadcast(w.t.Context(), w.shop, news{Number: 7}) })
}

func flushedLate(w *world) string {
	w.open()
	w.start()
	if err := w.caller.Close(context.Background()); err != nil {
		return err.Error()
	}
	return bus.CodeOf(said().Flushed().Emit(w.t.Context(), w.shop, news{})).String()
}
