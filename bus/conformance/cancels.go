package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

func cancelRows() []row {
	return []row{
		{name: "cancel/before the call", run: cancelledBefore, want: "canceled, handler ran 0 times"},
		{name: "cancel/the caller gives up", run: giveUp, want: "canceled, is the context's error true"},
		{name: "cancel/the handler learns of it", run: handlerLearns, want: "immediately"},
		{name: "cancel/the caller of a handler that heeds nothing", run: giveUpHeedless, want: "waits for the handler", differs: interrupts, other: "is free"},
		{name: "cancel/a context kept from an ended call", run: callLater, want: "a new root: ok"},
		{name: "cancel/the handler's context ends with the call", run: keptContext, want: "<nil>, later context canceled"},
	}
}

func cancelledBefore(w *world) string {
	ran := 0
	a := serve(w, "oracle.ask", func(context.Context, nothing) (nothing, error) {
		ran++
		return nothing{}, nil
	})
	w.start()
	ctx, cancel := context.WithCancel(w.t.Context())
	cancel()
	_, err := a.Call(ctx, w.shop, nothing{})
	return fmt.Sprintf("%s, handler ran %d times", bus.CodeOf(err), ran)
}

// waiting serves an action that waits for its context and tells when it came and
// how it ended.
func waiting(w *world) (a *bus.Action[nothing, nothing], arrived chan struct{}, ended chan error) {
	arrived, ended = make(chan struct{}, several), make(chan error, several)
	a = serve(w, "oracle.wait", func(ctx context.Context, _ nothing) (nothing, error) {
		arrived <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return nothing{}, ctx.Err()
	})
	return a.With(bus.Timeout(20 * short)), arrived, ended
}

func giveUp(w *world) string {
	a, arrived, ended := waiting(w)
	w.start()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	got := make(chan error, several)
	go func() {
		_, err := a.Call(ctx, w.shop, nothing{})
		got <- err
	}()
	await(w, arrived, "the handler")
	cancel()
	err := await(w, got, "the caller")
	await(w, ended, "the handler's end")
	return fmt.Sprintf("%s, is the context's error %v", bus.CodeOf(err), errors.Is(err, context.Canceled))
}

func handlerLearns(w *world) string {
	a, arrived, ended := waiting(w)
	w.start()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	got := make(chan error, several)
	go func() {
		_, err := a.Call(ctx, w.shop, nothing{})
		got <- err
	}()
	await(w, arrived, "the handler")
	cancel()
	err := await(w, ended, "the handler's end")
	await(w, got, "the caller")
	if errors.Is(err, context.DeadlineExceeded) {
		return "at its deadline"
	}
	return "immediately"
}

func giveUpHeedless(w *world) string {
	arrived, release := make(chan struct{}, several), newGate(w)
	a := serve(w, "oracle.wait", func(context.Context, nothing) (nothing, error) {
		arrived <- struct{}{}
		<-release.opened
		return nothing{}, nil
	})
	w.start()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	go func() {
		await(w, arrived, "the handler")
		cancel()
	}()
	return whoWaits(w, release, func() error {
		_, err := a.Call(ctx, w.shop, nothing{})
		return err
	})
}

func callLater(w *world) string {
	low := serve(w, "oracle.low", func(context.Context, nothing) (nothing, error) { return nothing{}, nil })
	ended, later := newGate(w), make(chan error, several)
	a := serve(w, "oracle.keep", func(ctx context.Context, _ nothing) (nothing, error) {
		go func() {
			<-ended.opened
			_, err := low.Call(ctx, w.oracle, nothing{})
			later <- err
		}()
		return nothing{}, nil
	})
	w.start()
	_, err := a.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	settled(w.callee, "oracle.keep", 1)
	ended.open()
	return "a new root: " + bus.CodeOf(await(w, later, "the call afterwards")).String()
}

func keptContext(w *world) string {
	kept := make(chan context.Context, several)
	a := serve(w, "oracle.keep", func(ctx context.Context, _ nothing) (string, error) {
		kept <- ctx
		return fmt.Sprint(ctx.Err()), nil
	})
	w.start()
	during, err := a.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	ctx := <-kept
	select {
	case <-ctx.Done(): // the callee's side may still be about to end
	case <-time.After(patience):
	}
	return fmt.Sprintf("%s, later %v", during, ctx.Err())
}
