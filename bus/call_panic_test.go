package bus

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
)

type explosive struct{}

func (explosive) Error() string { return "boom" }
func (explosive) As(any) bool   { panic("As panics") }

// Proves: R11
func TestPanicOfAHandlerIsAnErrorOfOneCall(t *testing.T) {
	n, log := quietNode(t, Options{})
	a := echo("alpha.panic")
	a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
		if req.N == 0 {
			panic("secret=hunter2")
		}
		return pong(req), nil
	})
	_, err := a.Call(t.Context(), n.View("beta"), ping{})
	if CodeOf(err) != Internal || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "alpha.panic") {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"hunter2", "call_panic_test.go", "alpha.panic", "caller=beta"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in the log: %s", want, log)
		}
	}
	if res, err := a.Call(t.Context(), n.View("beta"), ping{1}); err != nil || res.N != 1 {
		t.Errorf("the next call: %v, %v", res, err)
	}
	s := n.Stats()[0]
	if s.Panics != 1 || s.Requests[Internal] != 1 || s.Requests[OK] != 1 || s.InFlight != 0 || len(n.InFlight()) != 0 {
		t.Errorf("counted %+v", s)
	}
}

func TestErrorThatPanicsIsAPanicOfTheHandler(t *testing.T) {
	if err, _ := fails(t, explosive{}); CodeOf(err) != Internal {
		t.Errorf("got %v", err)
	}
}

// Goexit ends the caller's goroutine; the bus can only keep its books.
func TestGoexitInAHandlerIsAccountedFor(t *testing.T) {
	n, log := quietNode(t, Options{})
	a := echo("alpha.exit")
	var frame context.Context
	a.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
		frame = ctx
		runtime.Goexit()
		return pong{}, nil
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Call(t.Context(), n.View("beta"), ping{})
		t.Error("the call came back")
	}()
	<-ended
	s := n.Stats()[0]
	if s.Requests[Internal] != 1 || s.InFlight != 0 || s.Panics != 0 || len(n.InFlight()) != 0 {
		t.Errorf("counted %+v", s)
	}
	if !errors.Is(frame.Err(), context.Canceled) || !strings.Contains(log.String(), "Goexit") {
		t.Errorf("the frame says %v, the log %s", frame.Err(), log)
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}
