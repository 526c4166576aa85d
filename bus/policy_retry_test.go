package bus

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func half() float64 { return 0.5 }

// failing is an idempotent action that answers with the errors of the list, one
// after the other, and then with how often it was called.
func failing(n *Node, name string, errs ...error) *Action[ping, pong] {
	a := NewAction[ping, pong](name, Idempotent())
	calls := 0
	a.Handle(n.View(a.Service()), func(context.Context, ping) (pong, error) {
		calls++
		if calls <= len(errs) {
			return pong{}, errs[calls-1]
		}
		return pong{calls}, nil
	})
	return a
}

func away() error { return Errorf(Unavailable, "away") }

// codes are the counts of what edge saw.
func codes(n *Node, action, caller string) map[string]uint64 {
	got := map[string]uint64{}
	for _, s := range n.Stats() {
		if s.Action != action || s.Caller != caller {
			continue
		}
		for c, count := range s.Requests {
			if count > 0 {
				got[Code(c).String()] = count
			}
		}
	}
	return got
}

// Proves: B18
func TestRetryIsOffUnlessBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := failing(n, "alpha.flaky", away(), away())
		if _, err := a.Call(t.Context(), n.View("test"), ping{}); CodeOf(err) != Unavailable {
			t.Errorf("without the policy: %v, want the first error", err)
		}
		if s := n.PolicyStats(); len(s) != 0 {
			t.Errorf("figures of policies that nobody bound: %+v", s)
		}
		began := time.Now()
		res, err := a.With(Retry(RetryPolicy{Random: half})).Call(t.Context(), n.View("test"), ping{})
		if err != nil || res.N != 3 {
			t.Errorf("with the policy: %v, %v; want success on the third call", res, err)
		}
		if took := time.Since(began); took != 25*time.Millisecond {
			t.Errorf("took %s, want half of 50 ms", took)
		}
		if s := n.PolicyStats(); len(s) != 1 || s[0].Action != "alpha.flaky" || s[0].Retry.Retries != 1 {
			t.Errorf("counted %+v, want one retry", s)
		}
		if got := codes(n, "alpha.flaky", "test"); got["unavailable"] != 2 || got["ok"] != 1 {
			t.Errorf("counted %v: each attempt is a call", got)
		}
	})
}

func TestRetryWaitsDoubleUpToTheirBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{DefaultTimeout: -1})
		a := failing(n, "alpha.flaky", away(), away(), away(), away(), away(), away())
		policy := RetryPolicy{Attempts: 5, Base: 100 * time.Millisecond, Max: 300 * time.Millisecond, Random: half}
		began := time.Now()
		_, err := a.With(Retry(policy)).Call(t.Context(), n.View("test"), ping{})
		if want := 50 + 100 + 150 + 150; CodeOf(err) != Unavailable || time.Since(began) != time.Duration(want)*time.Millisecond {
			t.Errorf("got %v after %s, want the fifth error after %d ms", err, time.Since(began), want)
		}
	})
}

func TestRetryJitterIsFull(t *testing.T) {
	r := retrier{RetryPolicy: Retry(RetryPolicy{Attempts: 100}).retry}
	for _, try := range []int{1, 2, 5, 70} {
		low, high := r.Max, time.Duration(0)
		for range 500 {
			wait := r.wait(try)
			low, high = min(low, wait), max(high, wait)
		}
		bound := min(r.Max, r.Base<<min(try-1, 10))
		if low > bound/10 || high < bound*9/10 || high > bound {
			t.Errorf("try %d waits from %s to %s, want from 0 to %s", try, low, high, bound)
		}
	}
}

func TestRetryLeavesAloneWhatIsNotRetryable(t *testing.T) {
	n, _ := quietNode(t, Options{})
	for name, err := range map[string]error{
		"declared": Errorf(NotFound, "nothing"), "undeclared": errors.New("broken"), "late": context.DeadlineExceeded,
	} {
		a := failing(n, "alpha."+name, err)
		if _, got := a.With(Retry(RetryPolicy{})).Call(t.Context(), n.View("test"), ping{}); got == nil {
			t.Errorf("%s: was tried again", name)
		}
	}
	a := failing(n, "alpha.lost", &Error{Code: Aborted, Message: "lost a race", Retryable: true})
	if res, err := a.With(Retry(RetryPolicy{Random: func() float64 { return 0 }})).Call(t.Context(), n.View("test"), ping{}); err != nil || res.N != 2 {
		t.Errorf("an Aborted that says Retryable: %v, %v", res, err)
	}
}

// Proves: B5
func TestRetryStaysWithinTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		retry := Retry(RetryPolicy{Attempts: 8, Base: time.Second, Max: time.Minute, Random: half})
		asItIs := func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }
		for _, c := range []struct {
			name string
			with []Policy
			ctx  func(context.Context) (context.Context, context.CancelFunc)
			want time.Duration
		}{
			{"default", []Policy{retry}, asItIs, 7500 * time.Millisecond}, // 0.5 + 1 + 2 + 4; 8 more would be too late
			{"limit", []Policy{retry, Timeout(2 * time.Second)}, asItIs, 1500 * time.Millisecond},
			{"context", []Policy{Timeout(time.Hour), retry}, func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, time.Second)
			}, 500 * time.Millisecond},
		} {
			a := failing(n, "alpha."+c.name, slices.Repeat([]error{away()}, 8)...)
			ctx, cancel := c.ctx(t.Context())
			began := time.Now()
			_, err := a.With(c.with...).Call(ctx, n.View("test"), ping{})
			cancel()
			if CodeOf(err) != Unavailable || time.Since(began) != c.want {
				t.Errorf("%s: got %v after %s, want the last error after %s", c.name, err, time.Since(began), c.want)
			}
		}
	})
}

func TestRetryStopsWaitingWhenItsCallerDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := failing(n, "alpha.flaky", away())
		retry := Retry(RetryPolicy{Base: time.Second, Random: half})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(300*time.Millisecond, cancel)
		began := time.Now()
		if _, err := a.With(retry).Call(ctx, n.View("test"), ping{}); CodeOf(err) != Canceled || time.Since(began) != 300*time.Millisecond {
			t.Errorf("canceled while it waits: %v after %s", err, time.Since(began))
		}
	})
}

// All attempts have one deadline, nested or not; a kept context has a new one.
func TestAttemptsShareOneDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := NewAction[ping, pong]("alpha.late", Idempotent())
		var ends []time.Time
		a.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
			at, _ := ctx.Deadline()
			ends = append(ends, at)
			return pong{}, away()
		})
		retry := Retry(RetryPolicy{Base: time.Second, Random: half})
		check := func(name string, bound *Action[ping, pong], ctx context.Context, want time.Time) {
			ends = nil
			_, _ = bound.Call(ctx, n.View("test"), ping{})
			if len(ends) != 3 || !ends[0].Equal(want) || !ends[2].Equal(want) {
				t.Errorf("%s: deadlines %v, want three times %v", name, ends, want)
			}
		}
		check("root", a.With(retry), t.Context(), time.Now().Add(DefaultTimeout))
		check("limited", a.With(retry, Timeout(time.Minute)), t.Context(), time.Now().Add(time.Minute))
		kept := keep(t, n, t.Context(), func(ctx context.Context) {
			at, _ := ctx.Deadline()
			check("nested", a.With(retry), ctx, at)
			check("nested and limited", a.With(retry, Timeout(5*time.Second)), ctx, time.Now().Add(5*time.Second))
		})
		<-time.After(time.Minute)
		check("kept", a.With(retry), kept, time.Now().Add(DefaultTimeout))
	})
}

func TestPoliciesThatCannotWorkAreWiringMistakes(t *testing.T) {
	for want, policy := range map[string]Policy{
		"Retry would repeat an action that is not declared idempotent":     Retry(RetryPolicy{}),
		"Cache would answer for an action that is not declared idempotent": Cache(CachePolicy{}),
		"Attempts of Retry is -1":     Retry(RetryPolicy{Attempts: -1}),
		"AttemptTimeout of Retry":     Retry(RetryPolicy{AttemptTimeout: -1}),
		"FailureRatio of Breaker":     Breaker(BreakerPolicy{FailureRatio: 1.5}),
		"OpenFor of Breaker is -1s":   Breaker(BreakerPolicy{OpenFor: -time.Second}),
		"Concurrency of Bulkhead":     Bulkhead(BulkheadPolicy{Concurrency: -1}),
		"TTL of Cache is -1ns: 0 tak": Cache(CachePolicy{TTL: -1}),
	} {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.echo")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			t.Error("was called")
			return pong{}, nil
		})
		bound := a.With(policy)
		if err := n.Check(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "retry_test.go:") {
			t.Errorf("got %v, want %q with the position", err, want)
		}
		if _, err := bound.Call(t.Context(), n.View("test"), ping{}); CodeOf(err) != Internal || !strings.Contains(err.Error(), want) {
			t.Errorf("a call: %v", err)
		}
	}
}

// An unknown outcome is no reason to try again for who has not said that twice is as
// good as once, and a reason for who has.
func TestRetryRepeatsWhatMayHaveBeenServed(t *testing.T) {
	n, _ := quietNode(t, Options{})
	lost := ErrOutcomeUnknown.Errorf("the connection was lost")
	lost.Retryable = false
	a := failing(n, "alpha.lost", lost, lost)
	if _, err := a.Call(t.Context(), n.View("test"), ping{}); !errors.Is(err, ErrOutcomeUnknown) || CodeOf(err) != Unavailable {
		t.Errorf("without the policy: %v", err)
	}
	soon := Retry(RetryPolicy{Attempts: 2, Random: func() float64 { return 0 }})
	if res, err := a.With(soon).Call(t.Context(), n.View("test"), ping{}); err != nil || res.N != 3 {
		t.Errorf("with the policy: %v, %v; want success on the third call", res, err)
	}
}

// late is an idempotent action that waits for its deadline so many times, and then
// answers how often it was called. It notes how long it could have taken.
func late(n *Node, name string, times int) (*Action[ping, pong], *[]time.Duration) {
	a := NewAction[ping, pong](name, Idempotent())
	calls, had := 0, []time.Duration{}
	a.Handle(n.View(a.Service()), func(ctx context.Context, _ ping) (pong, error) {
		calls++
		at, _ := ctx.Deadline()
		had = append(had, time.Until(at))
		if calls <= times {
			<-ctx.Done()
			return pong{}, ctx.Err()
		}
		return pong{calls}, nil
	})
	return a, &had
}

// Proves: B18 (an attempt has a limit of its own, which the handler sees, and is tried
// again after it as long as the call has time)
func TestRetryLimitsEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		policy := RetryPolicy{Attempts: 4, AttemptTimeout: time.Second, Base: 200 * time.Millisecond, Random: half}
		for _, c := range []struct {
			name  string
			with  []Policy
			times int
			want  Code
			took  time.Duration
			had   []time.Duration
		}{
			{"success", nil, 2, OK, 2300 * time.Millisecond, []time.Duration{time.Second, time.Second, time.Second}},
			{"attempts", nil, 9, DeadlineExceeded, 4700 * time.Millisecond, slices.Repeat([]time.Duration{time.Second}, 4)},
			// The third attempt has only what is left of the call, and so it is the last.
			{"deadline", []Policy{Timeout(2500 * time.Millisecond)}, 9, DeadlineExceeded, 2500 * time.Millisecond,
				[]time.Duration{time.Second, time.Second, 200 * time.Millisecond}},
			{"short", []Policy{Timeout(time.Second)}, 9, DeadlineExceeded, time.Second, []time.Duration{time.Second}},
		} {
			a, had := late(n, "alpha."+c.name, c.times)
			began := time.Now()
			_, err := a.With(append(c.with, Retry(policy))...).Call(t.Context(), n.View("test"), ping{})
			if CodeOf(err) != c.want || time.Since(began) != c.took || !slices.Equal(*had, c.had) {
				t.Errorf("%s: %v after %s, attempts had %v; want %s after %s with %v", c.name, err, time.Since(began), *had, c.want, c.took, c.had)
			}
		}
	})
}

// A nested call's attempts stay within what is left of its root, and a caller that
// has gone is not tried for again.
func TestRetryLimitsAttemptsOfNestedCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a, had := late(n, "alpha.late", 9)
		bound := a.With(Retry(RetryPolicy{AttemptTimeout: time.Second, Random: func() float64 { return 0 }}))
		began := time.Now()
		keep(t, n, t.Context(), func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, 2500*time.Millisecond)
			defer cancel()
			if _, err := bound.Call(ctx, n.View("test"), ping{}); CodeOf(err) != DeadlineExceeded || time.Since(began) != 2500*time.Millisecond {
				t.Errorf("nested: %v after %s", err, time.Since(began))
			}
		})
		if want := []time.Duration{time.Second, time.Second, 500 * time.Millisecond}; !slices.Equal(*had, want) {
			t.Errorf("attempts had %v, want %v", *had, want)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(300*time.Millisecond, cancel)
		if _, err := bound.Call(ctx, n.View("test"), ping{}); CodeOf(err) != Canceled || len(*had) != 4 {
			t.Errorf("canceled: %v after %d attempts", err, len(*had)-3)
		}
	})
}

// A handler that says DeadlineExceeded of its own accord is believed.
func TestRetryBelievesAHandlerThatIsLate(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a := failing(n, "alpha.late", context.DeadlineExceeded)
	if _, err := a.With(Retry(RetryPolicy{AttemptTimeout: time.Hour})).Call(t.Context(), n.View("test"), ping{}); CodeOf(err) != DeadlineExceeded {
		t.Errorf("it was tried again: %v", err)
	}
}
