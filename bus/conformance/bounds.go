package conformance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// boundRows are about what would go on for ever, or too often.
func boundRows() []row {
	return []row{
		{name: "bounds/actions that call each other in a circle", run: inACircle, want: "resource_exhausted bus.tooDeep, oracle.ping > shop.pong > oracle.ping"},
		{name: "bounds/a call that outlives its root", run: outlives, want: "has about 10s; in flight oracle.low; the drain waits"},
		{name: "bounds/a call that is cut", run: cutCall, want: "canceled"},
		{name: "bounds/a limit beyond the end of time", run: beyondTime, want: "ok"},
		{name: "bounds/retries of two levels", run: retriesAbove, want: "unavailable, handler ran 3 times"},
		{name: "bounds/a breaker and calls that never left", run: neverLeft, want: "ok"},
		{name: "bounds/a cache and a callee that is late", run: lateCallee, want: "deadline_exceeded, handler ran 1 times"},
	}
}

// inACircle has two services, one on each side, whose actions call each other.
func inACircle(w *world) string {
	var ran atomic.Int64
	back := bus.NewAction[nothing, nothing]("shop.pong", w.fixture.planted...)
	there := serve(w, "oracle.ping", func(ctx context.Context, _ nothing) (nothing, error) {
		if ran.Add(1) > 20_000 { // a transport that asks twice would ask for ever
			return nothing{}, errMoody.Errorf("this is no end")
		}
		return back.Call(ctx, w.oracle, nothing{})
	})
	back.Handle(w.shop, func(ctx context.Context, _ nothing) (nothing, error) { return there.Call(ctx, w.shop, nothing{}) })
	w.start()
	_, err := there.With(bus.Timeout(20*short)).Call(w.t.Context(), w.shop, nothing{})
	var e *bus.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	_, chain, _ := strings.Cut(e.Message, "The last are ")
	for len(chain) > 0 && strings.Count(chain, " > ") > 2 {
		_, chain, _ = strings.Cut(chain, " > ")
	}
	if strings.HasPrefix(chain, "shop.pong > oracle.ping") { // the depth decides which of them is the last
		chain = "oracle.ping > shop.pong > oracle.ping"
	}
	return fmt.Sprintf("%s %s, %s", e.Code, e.Reason, chain)
}

func outlives(w *world) string {
	left, release := make(chan time.Duration, several), newGate(w)
	low := serve(w, "oracle.low", func(ctx context.Context, _ nothing) (nothing, error) {
		at, _ := ctx.Deadline()
		left <- time.Until(at)
		<-release.opened
		return nothing{}, nil
	})
	a := serve(w, "oracle.ask", func(ctx context.Context, _ nothing) (string, error) {
		go func() { _, _ = low.Call(context.WithoutCancel(ctx), w.oracle, nothing{}) }()
		return (<-left).Round(time.Second).String(), nil
	})
	w.start()
	has, err := a.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	settled(w.callee, "oracle.ask", 1)
	running := ""
	for _, c := range w.callee.InFlight() {
		running += c.Action
	}
	drained := make(chan error, several)
	go func() { drained <- w.drain(w.callee) }()
	select {
	case err := <-drained:
		return fmt.Sprintf("the drain did not wait (%v)", err)
	case <-time.After(short):
	}
	release.open()
	if err := await(w, drained, "the drain"); err != nil {
		return err.Error()
	}
	return lines("has about "+has, "in flight "+running, "the drain waits")
}

func cutCall(w *world) string {
	a, arrived, ended := waiting(w)
	w.start()
	got := make(chan error, several)
	go func() {
		_, err := a.With(bus.Timeout(patience)).Call(w.t.Context(), w.shop, nothing{})
		got <- err
	}()
	await(w, arrived, "the handler")
	ctx, cancel := context.WithTimeout(context.Background(), short)
	defer cancel()
	_ = w.callee.Drain(ctx)
	text := bus.CodeOf(await(w, ended, "the handler's end")).String()
	await(w, got, "the caller")
	return text
}

func beyondTime(w *world) string {
	const ages = 1<<63 - 1
	a := serve(w, "oracle.ask", answers)
	w.start()
	ctx, cancel := context.WithTimeout(w.t.Context(), ages)
	defer cancel()
	_, err := a.With(bus.Timeout(ages)).Call(ctx, w.shop, nothing{})
	return bus.CodeOf(err).String()
}

func retriesAbove(w *world) string {
	ran := 0
	again := bus.Retry(bus.RetryPolicy{Base: time.Millisecond})
	low := serve(w, "oracle.low", func(context.Context, nothing) (nothing, error) {
		ran++
		return nothing{}, bus.Errorf(bus.Unavailable, "not yet")
	}, bus.Idempotent())
	lowAgain := low.With(again)
	a := serve(w, "library.find", func(ctx context.Context, _ nothing) (nothing, error) {
		return lowAgain.Call(ctx, w.callee.View("library"), nothing{})
	}, bus.Idempotent())
	w.start()
	_, err := a.With(again).Call(w.t.Context(), w.shop, nothing{})
	return fmt.Sprintf("%s, handler ran %d times", bus.CodeOf(err), ran)
}

func neverLeft(w *world) string {
	a := serve(w, "oracle.ask", answers)
	broken := a.With(bus.Breaker(bus.BreakerPolicy{MinRequests: 2}))
	w.start()
	late, cancel := context.WithTimeout(w.t.Context(), -time.Second)
	defer cancel()
	for range 5 {
		_, _ = broken.Call(late, w.shop, nothing{})
	}
	_, err := broken.Call(w.t.Context(), w.shop, nothing{})
	return bus.CodeOf(err).String()
}

func lateCallee(w *world) string {
	ran := 0
	arrived, release := make(chan struct{}, several), newGate(w)
	a := serve(w, "oracle.ask", func(context.Context, nothing) (nothing, error) {
		ran++
		arrived <- struct{}{}
		<-release.opened
		return nothing{}, context.DeadlineExceeded
	}, bus.Idempotent())
	kept := a.With(bus.Cache(bus.CachePolicy{}))
	w.start()
	got := make(chan error, several)
	ask := func() {
		_, err := kept.Call(w.t.Context(), w.shop, nothing{})
		got <- err
	}
	go ask()
	await(w, arrived, "the handler")
	for range 3 {
		go ask()
	}
	for until := time.Now().Add(patience); waitingForOne(w.caller) < 3 && time.Now().Before(until); {
		<-time.After(time.Millisecond)
	}
	release.open()
	codes := map[bus.Code]bool{}
	for range 4 {
		codes[bus.CodeOf(await(w, got, "an answer"))] = true
	}
	if len(codes) != 1 {
		return fmt.Sprint(codes)
	}
	for code := range codes {
		return fmt.Sprintf("%s, handler ran %d times", code, ran)
	}
	return ""
}

// waitingForOne is how many callers wait for another's call.
func waitingForOne(n *bus.Node) (calls uint64) {
	for _, s := range n.PolicyStats() {
		if s.Cache != nil {
			calls += s.Cache.Shared
		}
	}
	return calls
}
