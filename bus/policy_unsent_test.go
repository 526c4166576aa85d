package bus

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What did not leave says nothing about the callee, and what came back from it does.
func TestBreakerIgnoresWhatNeverLeft(t *testing.T) {
	large := Errorf(ResourceExhausted, "the request is larger than the server takes")
	type unsendable = map[string]float64
	for name, c := range map[string]struct {
		spoil func(n *Node)
		ctx   func(t *testing.T) context.Context
		far   error
		opens bool
	}{
		"a context that has expired": {ctx: func(t *testing.T) context.Context {
			ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
			t.Cleanup(cancel)
			return ctx
		}},
		"a service that has not started":      {spoil: func(n *Node) { n.Hold("alpha") }},
		"a node that stops":                   {spoil: func(n *Node) { _ = n.Drain(context.Background()) }},
		"a node that is closed":               {spoil: func(n *Node) { _ = n.Close(context.Background()) }},
		"a request that is too large to send": {far: large},
		"the same, answered by the callee":    {far: Remote(large), opens: true},
		"an unknown outcome":                  {far: ErrOutcomeUnknown.Errorf("the connection was lost"), opens: true},
		"a transport that failed":             {far: errors.New("broken"), opens: true},
		"nobody":                              {far: ErrNobody, opens: true},
	} {
		t.Run(name, func(t *testing.T) {
			n, _ := quietNode(t, Options{Transport: &asked{answer: func(Message) ([]byte, error) { return nil, c.far }}})
			a := echo("alpha.echo")
			if c.far == nil {
				a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { return pong{}, nil })
			}
			bound, ctx := a.With(Breaker(BreakerPolicy{MinRequests: 1})), t.Context()
			if c.ctx != nil {
				ctx = c.ctx(t)
			}
			if c.spoil != nil {
				c.spoil(n)
			}
			for range 30 {
				if _, err := bound.Call(ctx, n.View("test"), ping{}); err == nil {
					t.Fatal("the call succeeded")
				}
			}
			if s := n.PolicyStats()[0].Breaker; (s.Opened > 0) != c.opens {
				t.Errorf("opened %d times, want any: %v", s.Opened, c.opens)
			}
		})
	}
	n, _ := quietNode(t, Options{Transport: &asked{}})
	bound := NewAction[unsendable, pong]("alpha.sum").With(Breaker(BreakerPolicy{MinRequests: 1}))
	_, err := bound.Call(t.Context(), n.View("test"), unsendable{"x": nan()})
	if s := n.PolicyStats()[0].Breaker; CodeOf(err) != InvalidArgument || s.Opened > 0 {
		t.Errorf("a request that is no JSON: %v, opened %d times", err, s.Opened)
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

// An answer that the callee passes on is its own, whatever it was further down.
func TestBreakerCountsRefusalsFurtherDown(t *testing.T) {
	n, _ := quietNode(t, Options{})
	low, high := echo("beta.low"), echo("alpha.high")
	low.Handle(n.View("beta"), func(context.Context, ping) (pong, error) { return pong{}, nil })
	n.Hold("beta")
	high.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) { return low.Call(ctx, n.View("alpha"), req) })
	_, err := high.With(Breaker(BreakerPolicy{MinRequests: 1})).Call(t.Context(), n.View("test"), ping{})
	if s := n.PolicyStats()[0].Breaker; CodeOf(err) != Unavailable || s.Opened != 1 {
		t.Errorf("%v; opened %d times, want once", err, s.Opened)
	}
}

// The attempts of several levels add up, and do not multiply.
func TestRetriesOfSeveralLevelsDoNotMultiply(t *testing.T) {
	type level = func(ctx context.Context, req ping) (pong, error)
	pass := func(_ string, err error) error { return err }
	for name, c := range map[string]struct {
		fails  error
		handle func(string, error) error
	}{
		"passed on":          {away(), pass},
		"wrapped":            {away(), func(at string, err error) error { return Errorf(Unavailable, "%s: %w", at, err) }},
		"declared":           {away(), func(at string, err error) error { return ErrOutcomeUnknown.Errorf("%s: %w", at, err) }},
		"an unknown outcome": {ErrOutcomeUnknown.Errorf("lost"), pass},
	} {
		synctest.Test(t, func(t *testing.T) {
			n, _ := quietNode(t, Options{})
			calls := 0
			var next level
			next = func(context.Context, ping) (pong, error) { calls++; return pong{}, c.fails }
			view := n.View("alpha")
			for _, at := range []string{"alpha.c", "alpha.b", "alpha.a"} {
				a := NewAction[ping, pong](at, Idempotent())
				a.Handle(view, next)
				again := a.With(Retry(RetryPolicy{Attempts: 3, Random: half}))
				next = func(ctx context.Context, req ping) (pong, error) {
					res, err := again.Call(ctx, view, req)
					if err != nil {
						err = c.handle(at, err)
					}
					return res, err
				}
			}
			_, err := next(t.Context(), ping{})
			if calls != 3 || CodeOf(err) != Unavailable {
				t.Errorf("%s: the lowest was called %d times, %v; want 3", name, calls, err)
			}
		})
	}
}

// A breaker is open so that nobody tries.
func TestOpenBreakerIsNotTriedAgainAbove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		low := failing(n, "beta.low", away()).With(Breaker(BreakerPolicy{MinRequests: 1}))
		high, calls := NewAction[ping, pong]("alpha.high", Idempotent()), 0
		high.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			calls++
			return low.Call(ctx, n.View("alpha"), req)
		})
		again := high.With(Retry(RetryPolicy{Random: half}))
		_, err := again.Call(t.Context(), n.View("test"), ping{})
		if calls != 2 || !errors.Is(err, ErrBreakerOpen) {
			t.Errorf("called %d times, %v; want the failure and one refusal", calls, err)
		}
	})
}

// A handler that its caller left goes on in its place, and beside no other attempt.
func TestHandlersThatWereLeftKeepTheirPlace(t *testing.T) {
	for name, policies := range map[string][]Policy{
		"a bulkhead":            {Bulkhead(BulkheadPolicy{Concurrency: 2}), Timeout(time.Second)},
		"attempts":              {Retry(RetryPolicy{Attempts: 5, AttemptTimeout: time.Second, Random: half}), Timeout(time.Minute)},
		"attempts and bulkhead": {Retry(RetryPolicy{Attempts: 5, AttemptTimeout: time.Second, Random: half}), Bulkhead(BulkheadPolicy{Concurrency: 1}), Timeout(time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, _ := quietNode(t, Options{})
				a := NewAction[ping, pong]("alpha.deaf", Idempotent(), Detached())
				var running, most atomic.Int64
				a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
					most.Store(max(most.Load(), running.Add(1))) // they begin one after the other
					<-time.After(5 * time.Second)
					running.Add(-1)
					return pong{}, nil
				})
				bound, want, callers := a.With(policies...), int64(1), 1
				if name == "a bulkhead" {
					want, callers = 2, 20
				}
				for range callers {
					_, err := bound.Call(t.Context(), n.View("test"), ping{})
					if err == nil {
						t.Error("a call succeeded")
					}
				}
				<-time.After(time.Minute)
				if most.Load() != want || running.Load() != 0 {
					t.Errorf("%d handlers ran at one time and %d still do, want %d and none", most.Load(), running.Load(), want)
				}
				if _, err := a.With(policies...).Call(t.Context(), n.View("test"), ping{}); CodeOf(err) == ResourceExhausted {
					t.Errorf("the places were not given back: %v", err)
				}
				<-time.After(time.Minute)
			})
		})
	}
}
