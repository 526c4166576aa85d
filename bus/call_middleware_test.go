package bus

import (
	"context"
	"strings"
	"testing"
)

// adding is middleware that adds n to what comes in, and writes down that it ran.
func adding(n int, order *[]int) func(Handler[ping, pong]) Handler[ping, pong] {
	return func(next Handler[ping, pong]) Handler[ping, pong] {
		return func(ctx context.Context, req ping) (pong, error) {
			*order = append(*order, n)
			return next(ctx, ping{req.N + n})
		}
	}
}

func TestMiddlewareActsInOrderWhateverComesFirst(t *testing.T) {
	for _, handleFirst := range []bool{false, true} {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.echo")
		var order []int
		handle := func() {
			a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) { return pong(req), nil })
		}
		if handleFirst {
			handle()
		}
		a.Use(n.View("alpha"), adding(1, &order), adding(20, &order))
		a.Use(n.View("alpha"), adding(300, &order))
		if !handleFirst {
			handle()
		}
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		res, err := a.Call(t.Context(), n.View("test"), ping{4000})
		if err != nil || res.N != 4321 || len(order) != 3 || order[0] != 1 || order[1] != 20 || order[2] != 300 {
			t.Errorf("handled first %v: got %v, %v in the order %v", handleFirst, res, err, order)
		}
	}
}

// Middleware is the callee's: it serves other processes too, sees a copy, and may answer.
func TestMiddlewareActsWhereTheActionIsServed(t *testing.T) {
	n, log := quietNode(t, Options{})
	a := NewAction[box, box]("alpha.keep")
	a.Use(n.View("alpha"), func(next Handler[box, box]) Handler[box, box] {
		return func(ctx context.Context, req box) (box, error) {
			if req.Items == nil {
				return box{}, Errorf(PermissionDenied, "nothing to keep")
			}
			if req.Items[0] == "panic" {
				panic("secret")
			}
			spoil(req)
			return next(ctx, req)
		}
	})
	a.Handle(n.View("alpha"), func(_ context.Context, req box) (box, error) { return req, nil })
	mine := full()
	if res, err := a.Call(t.Context(), n.View("test"), mine); err != nil || !spoilt(res) || spoilt(mine) {
		t.Errorf("got %v, %v; the caller's request is spoilt: %v", res, err, spoilt(mine))
	}
	if _, err := n.Dispatch(t.Context(), n.View("remote"), Message{Action: "alpha.keep"}); CodeOf(err) != PermissionDenied {
		t.Errorf("from another process: %v", err)
	}
	if _, err := a.Call(t.Context(), n.View("test"), box{Items: []string{"panic"}}); CodeOf(err) != Internal || !strings.Contains(log.String(), "secret") {
		t.Errorf("a panic in middleware: %v", err)
	}
}

func TestMiddlewareMistakesAreReported(t *testing.T) {
	pass := func(next Handler[ping, pong]) Handler[ping, pong] { return next }
	for want, wire := range map[string]func(*Node, *Action[ping, pong]){
		"belongs to the service alpha": func(n *Node, a *Action[ping, pong]) { a.Use(n.View("beta"), pass) },
		"middleware 2 of alpha.echo is nil": func(n *Node, a *Action[ping, pong]) {
			a.Use(n.View("alpha"), pass, nil)
		},
		"comes too late": func(n *Node, a *Action[ping, pong]) {
			if err := n.Start(t.Context()); err != nil {
				t.Error(err)
			}
			a.Use(n.View("alpha"), pass)
		},
		"the action called, before": func(n *Node, a *Action[ping, pong]) {
			if _, err := a.Call(t.Context(), n.View("test"), ping{}); err != nil {
				t.Error(err)
			}
			a.Use(n.View("alpha"), pass)
		},
	} {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.echo")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { return pong{}, nil })
		wire(n, a)
		if err := n.Check(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "middleware_test.go:") {
			t.Errorf("got %v, want %q with the position", err, want)
		}
	}
}

func TestMiddlewareCostsNoAllocation(t *testing.T) {
	n := NewNode(Options{})
	add := NewAction[sum, total]("math.add")
	add.Handle(n.View("math"), direct{}.Add)
	add.Use(n.View("math"), func(next Handler[sum, total]) Handler[sum, total] {
		return func(ctx context.Context, req sum) (total, error) { return next(ctx, req) }
	})
	within(t, n.View("bench"), func(ctx context.Context) {
		nested := testing.AllocsPerRun(100, func() {
			if _, err := add.Call(ctx, n.View("bench"), sum{1, 2}); err != nil {
				t.Error(err)
			}
		})
		if nested != 0 {
			t.Errorf("a nested call through middleware allocates %v times, want 0", nested)
		}
	})
}
