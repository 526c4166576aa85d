package conformance

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

type nothing = struct{}

func answers(context.Context, nothing) (string, error) { return "here", nil }

// call is what a caller gets, in words.
func call[Res any](w *world, a *bus.Action[nothing, Res]) string {
	v, err := a.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	return fmt.Sprint(v)
}

func reachRows() []row {
	const held = `unavailable "oracle.ask cannot be called: the service oracle has not started yet" at oracle.ask retryable`
	const nowhere = `unavailable "oracle.ask cannot be called: no service oracle is running in reach" at oracle.ask retryable`
	return []row{
		{name: "reach/an action the service does not have", run: missingAction,
			want: `unimplemented "the service oracle has no action oracle.missing" at oracle.missing`},
		{name: "reach/a service that is nowhere", run: func(w *world) string {
			w.open()
			w.start()
			return call(w, bus.NewAction[nothing, string]("oracle.ask"))
		}, want: nowhere},
		{name: "reach/a service that is held", run: func(w *world) string {
			a := serve(w, "oracle.ask", answers)
			w.callee.Hold("oracle")
			w.start()
			return call(w, a)
		}, want: held, differs: apart, other: nowhere},
		{name: "reach/a service that is held again", run: func(w *world) string {
			a := serve(w, "oracle.ask", answers)
			w.start()
			w.callee.Hold("oracle")
			return call(w, a)
		}, want: held},
		{name: "reach/a service that was released", run: func(w *world) string {
			a := serve(w, "oracle.ask", answers)
			w.callee.Hold("oracle")
			w.start()
			before := bus.CodeOf(errOf(a.Call(w.t.Context(), w.shop, nothing{})))
			if err := w.callee.Release("oracle"); err != nil {
				return err.Error()
			}
			return lines(before.String(), call(w, a))
		}, want: "unavailable; here"},
		{name: "reach/a service calls another one", run: nestedCall, want: "library of oracle"},
		{name: "reach/a service calls itself", run: selfCall, want: "3"},
		{name: "reach/a service calls its caller back", run: callBack, want: "shop for oracle"},
		{name: "reach/two values of one action", run: func(w *world) string {
			serve(w, "oracle.ask", answers)
			w.start()
			return call(w, bus.NewAction[nothing, string]("oracle.ask"))
		}, want: "here"},
		{name: "reach/the caller expects other types", run: otherTypes,
			want: `internal "oracle.ask was declared twice with different types: see Node.Check" at oracle.ask`, differs: apart, other: "{here}"},
		{name: "reach/middleware acts around the handler", run: middleware, want: "a(b(here))"},
		{name: "reach/observers see the call", run: observed, want: "shop calls oracle.ask, remote false", differs: apart, other: "shop calls oracle.ask, remote true"},
	}
}

func errOf[T any](_ T, err error) error { return err }

func missingAction(w *world) string {
	serve(w, "oracle.ask", answers)
	w.start()
	return call(w, bus.NewAction[nothing, string]("oracle.missing"))
}

func nestedCall(w *world) string {
	find := serve(w, "library.find", func(_ context.Context, by string) (string, error) { return "library of " + by, nil })
	ask := serve(w, "oracle.ask", func(ctx context.Context, _ nothing) (string, error) { return find.Call(ctx, w.oracle, "oracle") })
	w.start()
	return call(w, ask)
}

func selfCall(w *world) string {
	w.open()
	deep := bus.NewAction[int, int]("oracle.deep")
	deep.Handle(w.oracle, func(ctx context.Context, left int) (int, error) {
		if left == 0 {
			return 0, nil
		}
		n, err := deep.Call(ctx, w.oracle, left-1)
		return n + 1, err
	})
	w.start()
	n, err := deep.Call(w.t.Context(), w.shop, 3)
	if err != nil {
		return describe(err)
	}
	return fmt.Sprint(n)
}

func callBack(w *world) string {
	w.open()
	price := bus.NewAction[string, string]("shop.price")
	price.Handle(w.shop, func(_ context.Context, by string) (string, error) { return "shop for " + by, nil })
	ask := serve(w, "oracle.ask", func(ctx context.Context, _ nothing) (string, error) { return price.Call(ctx, w.oracle, "oracle") })
	w.start()
	return call(w, ask)
}

// wide is what the oracle answers, narrow what an older caller knows of it.
type wide struct{ Text, More string }

type narrow struct{ Text string }

func otherTypes(w *world) string {
	serve(w, "oracle.ask", func(context.Context, nothing) (wide, error) { return wide{"here", "more"}, nil })
	w.start()
	return call(w, bus.NewAction[nothing, narrow]("oracle.ask"))
}

func middleware(w *world) string {
	a := serve(w, "oracle.ask", answers)
	around := func(name string) func(bus.Handler[nothing, string]) bus.Handler[nothing, string] {
		return func(next bus.Handler[nothing, string]) bus.Handler[nothing, string] {
			return func(ctx context.Context, req nothing) (string, error) {
				v, err := next(ctx, req)
				return name + "(" + v + ")", err
			}
		}
	}
	a.Use(w.oracle, around("a"), around("b"))
	w.start()
	return call(w, a)
}

func observed(w *world) string {
	var seen []bus.Info
	w.open(func(o *bus.Options) {
		o.Observers = []bus.Observer{{After: func(_ context.Context, i bus.Info, _ error) {
			if !i.Incoming {
				seen = append(seen, i)
			}
		}}}
	})
	a := serve(w, "oracle.ask", answers)
	w.start()
	if got := call(w, a); got != "here" || len(seen) != 1 {
		return fmt.Sprint(got, seen)
	}
	return fmt.Sprintf("%s calls %s, remote %v", seen[0].Caller, seen[0].Action, seen[0].Remote)
}
