package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

func drainRows() []row {
	return []row{
		{name: "drain/the callee takes no new calls", run: func(w *world) string {
			a := serve(w, "oracle.ask", answers)
			w.start()
			if err := w.drain(w.callee); err != nil {
				return err.Error()
			}
			_, err := a.Call(w.t.Context(), w.shop, nothing{})
			return bus.CodeOf(err).String()
		}, want: "unavailable"},
		{name: "drain/the caller makes no new calls", run: func(w *world) string {
			a := serve(w, "oracle.ask", answers)
			w.start()
			if err := w.drain(w.caller); err != nil {
				return err.Error()
			}
			return call(w, a)
		}, want: `unavailable "oracle.ask cannot be called: the node is stopping and takes no new calls" at oracle.ask retryable`},
		{name: "drain/what is in flight is waited for", run: drainWaits, want: "waited; served"},
		{name: "drain/calls below what is in flight are served", run: drainNested, want: "waited; here"},
		{name: "drain/a call that does not end is named", run: drainCut, want: "1 cut: oracle.wait called by shop"},
		{name: "drain/a node that does nothing", run: func(w *world) string {
			serve(w, "oracle.ask", answers)
			w.start()
			return fmt.Sprint(w.drain(w.callee), w.drain(w.caller))
		}, want: "<nil> <nil>"},
		{name: "drain/a stopping service may still call", run: drainParting, want: "here"},
	}
}

// drain drains with patience.
func (w *world) drain(n *bus.Node) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return n.Drain(ctx)
}

// drainAround calls an action that is held back until release is closed, and
// drains the callee meanwhile.
func drainAround(w *world, a *bus.Action[nothing, string], arrived chan struct{}, release *gate) string {
	got := make(chan string, several)
	go func() { got <- call(w, a) }()
	await(w, arrived, "the handler")
	drained := make(chan error, several)
	begun := make(chan struct{})
	go func() {
		close(begun)
		drained <- w.drain(w.callee)
	}()
	<-begun
	stopsTaking(w)
	select {
	case err := <-drained:
		return fmt.Sprintf("did not wait (%v)", err)
	default:
	}
	release.open()
	if err := await(w, drained, "the drain"); err != nil {
		return err.Error()
	}
	return lines("waited", await(w, got, "the answer"))
}

// stopsTaking returns when new calls are refused.
func stopsTaking(w *world) {
	probe := bus.NewAction[nothing, nothing]("oracle.probe")
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		if _, err := probe.Call(ctx, w.shop, nothing{}); bus.CodeOf(err) == bus.Unavailable {
			return
		}
		<-time.After(time.Millisecond)
	}
	w.t.Fatal("new calls are still taken")
}

func drainWaits(w *world) string {
	arrived, release := make(chan struct{}, several), newGate(w)
	a := serve(w, "oracle.wait", func(context.Context, nothing) (string, error) {
		arrived <- struct{}{}
		<-release.opened
		return "served", nil
	})
	w.start()
	return drainAround(w, a, arrived, release)
}

func drainNested(w *world) string {
	arrived, release := make(chan struct{}, several), newGate(w)
	low := serve(w, "library.find", answers)
	a := serve(w, "oracle.wait", func(ctx context.Context, _ nothing) (string, error) {
		arrived <- struct{}{}
		<-release.opened
		return low.Call(ctx, w.oracle, nothing{})
	})
	w.start()
	return drainAround(w, a, arrived, release)
}

func drainCut(w *world) string {
	arrived, release := make(chan struct{}, several), newGate(w)
	a := serve(w, "oracle.wait", func(context.Context, nothing) (string, error) {
		arrived <- struct{}{}
		<-release.opened
		return "late", nil
	})
	w.start()
	got := make(chan string, several)
	go func() { got <- call(w, a) }()
	await(w, arrived, "the handler")
	ctx, cancel := context.WithTimeout(context.Background(), short)
	defer cancel()
	err := w.callee.Drain(ctx)
	release.open()
	await(w, got, "the answer")
	var cut *bus.DrainError
	if !errors.As(err, &cut) || len(cut.Cut) == 0 {
		return fmt.Sprint(err)
	}
	return fmt.Sprintf("%d cut: %s called by %s", len(cut.Cut), cut.Cut[0].Action, cut.Cut[0].Caller)
}

func drainParting(w *world) string {
	low := serve(w, "library.find", answers)
	w.start()
	if err := w.drain(w.callee); err != nil {
		return err.Error()
	}
	v, err := low.Call(bus.WhileDraining(context.Background()), w.oracle, nothing{})
	if err != nil {
		return describe(err)
	}
	return v
}
