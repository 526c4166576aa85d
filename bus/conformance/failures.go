package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/shopanaio/orchestrator/bus"
)

// failureRows are about handlers that are broken.
func failureRows() []row {
	var nothing *bus.Error
	const broken = `internal "internal error in oracle.fail" at oracle.fail`
	return []row{
		{name: "errors/undeclared", run: failing(errors.New("the password is 1234")), want: broken},
		{name: "errors/code OK", run: failing(&bus.Error{Message: "fine"}), want: `internal "fine" at oracle.fail`},
		{name: "errors/a code that does not exist", run: failing(&bus.Error{Code: 200, Message: "odd"}), want: `internal "odd" at oracle.fail`},
		{name: "errors/an error that is nil inside", run: failing(nothing), want: broken},
		{name: "errors/the handler's own context was cancelled", run: failing(context.Canceled), want: `canceled "the call of oracle.fail was canceled" at oracle.fail`},
		{name: "errors/the handler's own deadline passed", run: failing(context.DeadlineExceeded), want: `deadline_exceeded "the deadline of oracle.fail passed" at oracle.fail`},
		{name: "errors/panic", run: panicking(func() { panic("the password is 1234") }), want: broken + "; 1 panics counted"},
		{name: "errors/panic of the runtime", run: panicking(func() {
			var m map[string]int
			m["x"] = 1 //nolint:staticcheck // it is to panic
		}), want: broken + "; 1 panics counted"},
		{name: "errors/panic with an error of ours", run: panicking(func() { panic(errMoody.Errorf("no")) }), want: broken + "; 1 panics counted"},
		{name: "errors/a panic harms no other call", run: panicsBeside, want: "100 internal, 100 ok"},
		{name: "errors/the handler ends its goroutine", run: goexit, want: "the caller's goroutine ended", differs: interrupts, other: "the caller got internal"},
	}
}

// panicking calls a handler that panics, and looks at the count.
func panicking(f func()) func(w *world) string {
	return func(w *world) string {
		a := serve(w, "oracle.fail", func(context.Context, struct{}) (struct{}, error) {
			f()
			return struct{}{}, nil
		})
		w.start()
		_, err := a.Call(w.t.Context(), w.shop, struct{}{})
		return lines(describe(err), fmt.Sprintf("%d panics counted", edge(w.callee, "shop", "oracle.fail").Panics))
	}
}

func panicsBeside(w *world) string {
	a := serve(w, "oracle.fail", func(_ context.Context, fail bool) (struct{}, error) {
		if fail {
			panic("out of paper")
		}
		return struct{}{}, nil
	})
	w.start()
	counts := map[bus.Code]int{}
	for i := range 200 {
		_, err := a.Call(w.t.Context(), w.shop, i%2 == 0)
		counts[bus.CodeOf(err)]++
	}
	return fmt.Sprintf("%d internal, %d ok", counts[bus.Internal], counts[bus.OK])
}

func goexit(w *world) string {
	a := serve(w, "oracle.exit", func(context.Context, struct{}) (struct{}, error) {
		runtime.Goexit()
		return struct{}{}, nil
	})
	w.start()
	answer := make(chan error, several)
	go func() {
		defer close(answer)
		_, err := a.Call(w.t.Context(), w.shop, struct{}{})
		answer <- err
	}()
	err := await(w, answer, "the call to end")
	if err == nil {
		return "the caller's goroutine ended"
	}
	return "the caller got " + bus.CodeOf(err).String()
}
