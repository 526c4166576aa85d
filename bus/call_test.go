package bus

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type ping struct{ N int }

type pong struct{ N int }

// echo is an action that a test declares for itself.
func echo(name string) *Action[ping, pong] { return NewAction[ping, pong](name) }

func quietNode(t *testing.T, o Options) (*Node, *records) {
	t.Helper()
	log := &records{}
	o.Logger = log.logger()
	return NewNode(o), log
}

func TestCallReturnsWhatTheHandlerReturns(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) { return pong{req.N + 1}, nil })
	if err := n.Check(); err != nil {
		t.Fatal(err)
	}
	res, err := a.Call(t.Context(), n.View("beta"), ping{41})
	if err != nil || res.N != 42 {
		t.Fatalf("got %v, %v; want 42", res, err)
	}
}

// Proves: B5
func TestRootHasTenSecondsUnlessToldOtherwise(t *testing.T) {
	untilDone := func(ctx context.Context, _ ping) (pong, error) {
		<-ctx.Done()
		return pong{}, ctx.Err()
	}
	cases := []struct {
		name string
		with []Policy
		ctx  func(context.Context) (context.Context, context.CancelFunc)
		want time.Duration
	}{
		{"default", nil, nil, 10 * time.Second},
		{"shorter by policy", []Policy{Timeout(2 * time.Second)}, nil, 2 * time.Second},
		{"longer by policy", []Policy{Timeout(30 * time.Second)}, nil, 30 * time.Second},
		{"by the caller's context", nil, func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Minute)
		}, time.Minute},
		{"the earlier of both", []Policy{Timeout(30 * time.Second)}, func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 3*time.Second)
		}, 3 * time.Second},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, _ := quietNode(t, Options{})
				a := echo("alpha.wait")
				a.Handle(n.View("alpha"), untilDone)
				ctx := t.Context()
				if tc.ctx != nil {
					var cancel context.CancelFunc
					ctx, cancel = tc.ctx(ctx)
					defer cancel()
				}
				began := time.Now()
				_, err := a.With(tc.with...).Call(ctx, n.View("beta"), ping{})
				if took := time.Since(began); took != tc.want {
					t.Errorf("took %s, want %s", took, tc.want)
				}
				if CodeOf(err) != DeadlineExceeded || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v, want deadline exceeded", err)
				}
				if !strings.Contains(err.Error(), "alpha.wait") {
					t.Errorf("%q does not name the action", err)
				}
			})
		})
	}
}
