package bus

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// circle is two actions that call each other, each through the policies given.
func circle(n *Node, opts []ActionOption, policies ...Policy) (there *Action[ping, pong], deepest *int) {
	back := NewAction[ping, pong]("beta.pong", opts...)
	there, deepest = NewAction[ping, pong]("alpha.ping", opts...), new(int)
	alpha, beta := n.View("alpha"), n.View("beta")
	toBack, toThere := back.With(policies...), there.With(policies...)
	there.Handle(alpha, func(ctx context.Context, req ping) (pong, error) {
		*deepest = max(*deepest, req.N)
		return toBack.Call(ctx, alpha, ping{req.N + 1})
	})
	back.Handle(beta, func(ctx context.Context, req ping) (pong, error) {
		*deepest = max(*deepest, req.N)
		return toThere.Call(ctx, beta, ping{req.N + 1})
	})
	return there, deepest
}

// Two actions that call each other end neither the process nor its memory.
func TestCallsInACircleAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		opts     []ActionOption
		policies []Policy
		deepest  int
	}{
		"plain":       {deepest: maxNested + 2*counters.LookEvery*max(2, runtime.GOMAXPROCS(0), runtime.NumCPU())},
		"with limits": {policies: []Policy{Timeout(time.Minute)}, deepest: maxFrames},
		"detached":    {opts: []ActionOption{Detached()}, deepest: maxFrames},
	} {
		t.Run(name, func(t *testing.T) {
			n, _ := quietNode(t, Options{DefaultTimeout: time.Minute})
			there, deepest := circle(n, c.opts, c.policies...)
			_, err := there.Call(t.Context(), n.View("test"), ping{})
			if CodeOf(err) != ResourceExhausted || !errors.Is(err, ErrTooDeep) {
				t.Fatalf("got %v, want %s", err, ErrTooDeep)
			}
			if text := err.Error(); !strings.Contains(text, "alpha.ping > beta.pong > alpha.ping > ") || len(text) > 300 {
				t.Errorf("%q does not name the circle, and no more", text)
			}
			if *deepest > c.deepest || *deepest < maxFrames/2 {
				t.Errorf("%d calls deep, want at most %d", *deepest, c.deepest)
			}
		})
	}
}

// The look at the stack refuses nobody who calls often but not deep.
func TestManyCallsAreNotDeep(t *testing.T) {
	n, _ := quietNode(t, Options{DefaultTimeout: -1})
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		if req.N == 0 {
			return pong{}, nil
		}
		return a.Call(ctx, n.View("alpha"), ping{req.N - 1})
	})
	for range 3 * counters.LookEvery / 100 {
		if _, err := a.Call(t.Context(), n.View("test"), ping{maxNested / 10}); err != nil {
			t.Fatal(err)
		}
	}
	var down func(levels int) error
	down = func(levels int) error { // a deep stack of somebody else's
		if levels > 0 {
			return down(levels - 1)
		}
		for range counters.LookEvery + 1 {
			if _, err := a.Call(t.Context(), n.View("test"), ping{}); err != nil {
				return err
			}
		}
		return nil
	}
	if err := down(10 * maxNested); err != nil {
		t.Error(err)
	}
}

// The depth goes with a request to another node, and with a root that outlives its call.
func TestDepthTravels(t *testing.T) {
	sent := Message{}
	n, _ := quietNode(t, Options{Transport: &asked{answer: func(m Message) ([]byte, error) {
		sent = m
		return []byte("{}"), nil
	}}})
	far, near := echo("far.ask"), echo("alpha.ask")
	near.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
		return far.Call(WithRequestID(context.WithoutCancel(ctx), "r"), n.View("alpha"), ping{})
	})
	for at, want := range map[int]int{0: 2, 7: 9, maxFrames - 1: maxFrames + 1} {
		if _, err := n.Dispatch(t.Context(), n.View("far"), Message{Action: "alpha.ask", Depth: at}); err != nil || sent.Depth != want {
			t.Errorf("from depth %d: sent with %d, %v; want %d", at, sent.Depth, err, want)
		}
	}
	for _, at := range []int{maxFrames, maxFrames + 1, 1 << 40} {
		if _, err := n.Dispatch(t.Context(), n.View("far"), Message{Action: "alpha.ask", Depth: at}); !errors.Is(err, ErrTooDeep) {
			t.Errorf("from depth %d: %v", at, err)
		}
	}
}

// asked is a transport whose other side is a function.
type asked struct {
	nowhere

	answer func(Message) ([]byte, error)
}

func (a *asked) Request(_ context.Context, m Message) ([]byte, error) { return a.answer(m) }
