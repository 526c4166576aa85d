package bus

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever their order in With, calls go through policies in the same: cache,
// timeout, retry, breaker, bulkhead.
func TestPoliciesActInTheirOwnOrder(t *testing.T) {
	policies := []Policy{
		Bulkhead(BulkheadPolicy{Concurrency: 1}),
		Breaker(BreakerPolicy{MinRequests: 2, FailureRatio: 1, OpenFor: time.Hour}),
		Retry(RetryPolicy{Attempts: 5, Base: time.Second, Random: half}),
		Timeout(time.Minute),
		Cache(CachePolicy{}),
	}
	for _, backward := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n, _ := quietNode(t, Options{})
			a := NewAction[ping, pong]("alpha.sick", Idempotent())
			calls := 0
			a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
				if calls++; req.N == 2 {
					return pong{}, away()
				}
				return pong(req), nil
			})
			if backward {
				slices.Reverse(policies)
			}
			bound := a.With(policies...)
			if _, err := bound.Call(t.Context(), n.View("test"), ping{1}); err != nil {
				t.Fatal(err)
			}
			calls = 0
			// The breaker judges each attempt: it opens at the second, and its refusal,
			// though Retryable, is not tried again.
			began, fresh := time.Now(), Breaker(BreakerPolicy{MinRequests: 2, OpenFor: time.Hour})
			_, err := bound.With(fresh).Call(t.Context(), n.View("test"), ping{2})
			if !errors.Is(err, ErrBreakerOpen) || calls != 2 || time.Since(began) != time.Second {
				t.Errorf("got %v after %d calls and %s", err, calls, time.Since(began))
			}
			// The cache answers whatever the breaker says.
			_, _ = bound.Call(t.Context(), n.View("test"), ping{2})
			_, _ = bound.Call(t.Context(), n.View("test"), ping{2})
			if res, err := bound.Call(t.Context(), n.View("test"), ping{1}); err != nil || res.N != 1 {
				t.Errorf("with an open breaker the cache says %v, %v", res, err)
			}
		})
	}
}

// A Policy value that is bound twice to an action remembers once; to another
// action, in another node, or made again, it remembers anew.
func TestMemoryBelongsToNodeActionAndValue(t *testing.T) {
	breaker := Breaker(BreakerPolicy{MinRequests: 1})
	one, _ := quietNode(t, Options{})
	other, _ := quietNode(t, Options{})
	a, b := failing(one, "alpha.a", away()), failing(one, "alpha.b", away())
	a.Handle(other.View("alpha"), func(context.Context, ping) (pong, error) { return pong{}, nil })
	first, second := a.With(breaker), a.With(Timeout(time.Second)).With(breaker)
	if _, err := first.Call(t.Context(), one.View("test"), ping{}); errors.Is(err, ErrBreakerOpen) {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		bound *Action[ping, pong]
		node  *Node
		open  bool
	}{
		"the same value":         {first, one, true},
		"bound again":            {second, one, true},
		"another node":           {first, other, false},
		"the same value, later":  {first, one, true},
		"another action":         {b.With(breaker), one, false},
		"made again":             {a.With(Breaker(BreakerPolicy{MinRequests: 1})), one, false},
		"bound before and after": {first.With(Timeout(time.Minute)), one, true},
	} {
		if _, err := c.bound.Call(t.Context(), c.node.View("test"), ping{}); errors.Is(err, ErrBreakerOpen) != c.open {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := one.PolicyStats(); len(s) != 2 || s[0].Action != "alpha.a" || s[0].Breaker.Rejected != 4 || s[1].Breaker.Opened != 1 {
		t.Errorf("counted %+v", s)
	}
}

// What a policy refuses is seen by observers as a call that ended so.
func TestObserversSeeWhatPoliciesRefuse(t *testing.T) {
	var got []string
	n, _ := quietNode(t, Options{Observers: []Observer{{After: func(_ context.Context, i Info, err error) {
		got = append(got, i.Action+" "+CodeOf(err).String())
	}}}})
	bound := failing(n, "alpha.sick", errors.New("broken")).With(Breaker(BreakerPolicy{MinRequests: 1}))
	for range 2 {
		_, _ = bound.Call(t.Context(), n.View("test"), ping{})
	}
	if want := []string{"alpha.sick internal", "alpha.sick unavailable"}; !slices.Equal(got, want) {
		t.Errorf("saw %q, want %q", got, want)
	}
}

func TestPoliciesOnANestedCallAllocateNothing(t *testing.T) {
	n := NewNode(Options{})
	add := NewAction[sum, total]("math.add", Idempotent())
	add.Handle(n.View("math"), direct{}.Add)
	bound := add.With(Retry(RetryPolicy{}), Breaker(BreakerPolicy{}), Bulkhead(BulkheadPolicy{}))
	view := n.View("bench")
	within(t, view, func(ctx context.Context) {
		nested := testing.AllocsPerRun(100, func() {
			if _, err := bound.Call(ctx, view, sum{1, 2}); err != nil {
				t.Error(err)
			}
		})
		if nested != 0 {
			t.Errorf("a nested call through retry, breaker and bulkhead allocates %v times, want 0", nested)
		}
	})
}
