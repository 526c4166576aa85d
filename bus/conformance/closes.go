package conformance

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

func closeRows() []row {
	return []row{
		{name: "close/the caller", run: func(w *world) string {
			a := serve(w, "oracle.ask", answers)
			w.start()
			if err := w.caller.Close(context.Background()); err != nil {
				return err.Error()
			}
			return bus.CodeOf(errOf(a.Call(w.t.Context(), w.shop, nothing{}))).String()
		}, want: "unavailable"},
		{name: "close/the callee", run: func(w *world) string {
			a := serve(w, "oracle.ask", answers)
			w.start()
			if err := w.callee.Close(context.Background()); err != nil {
				return err.Error()
			}
			return bus.CodeOf(errOf(a.Call(w.t.Context(), w.shop, nothing{}))).String()
		}, want: "unavailable"},
		{name: "close/twice", run: func(w *world) string {
			w.open()
			w.start()
			return fmt.Sprint(w.callee.Close(context.Background()), w.callee.Close(context.Background()))
		}, want: "<nil> <nil>"},
		{name: "close/a call below one in flight", run: closeNested, want: "unavailable"},
		{name: "close/a call in flight", run: closeInFlight, want: "waits for the handler", differs: interrupts, other: "is free"},
	}
}

func closeNested(w *world) string {
	low := serve(w, "library.find", answers)
	seen := make(chan bus.Code, several)
	a := serve(w, "oracle.ask", func(ctx context.Context, _ nothing) (string, error) {
		if err := w.callee.Close(context.Background()); err != nil {
			return "", err
		}
		_, err := low.Call(ctx, w.oracle, nothing{})
		seen <- bus.CodeOf(err)
		return "", err
	})
	w.start()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*short) // the answer may be lost with the connection
	defer cancel()
	_, _ = a.Call(ctx, w.shop, nothing{})
	return await(w, seen, "the nested call").String()
}

func closeInFlight(w *world) string {
	arrived, release := make(chan struct{}, several), newGate(w)
	a := serve(w, "oracle.wait", func(context.Context, nothing) (nothing, error) {
		arrived <- struct{}{}
		<-release.opened
		return nothing{}, nil
	})
	w.start()
	go func() {
		await(w, arrived, "the handler")
		if err := w.caller.Close(context.Background()); err != nil {
			w.t.Error(err)
		}
	}()
	return whoWaits(w, release, func() error {
		_, err := a.Call(w.t.Context(), w.shop, nothing{})
		return err
	})
}
