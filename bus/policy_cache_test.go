package bus

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// counted is an idempotent action that answers with how often it was called.
func counted(n *Node, opts ...ActionOption) (*Action[ping, pong], *int) {
	a, calls := NewAction[ping, pong]("alpha.count", append(opts, Idempotent())...), new(int)
	a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
		*calls++
		return pong{*calls}, nil
	})
	return a, calls
}

// Proves: B19
func TestCacheIsOffUnlessBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a, calls := counted(n)
		view := n.View("test")
		for range 3 {
			_, _ = a.Call(t.Context(), view, ping{1})
		}
		if *calls != 3 {
			t.Errorf("without the policy %d of 3 calls came through", *calls)
		}
		kept := a.With(Cache(CachePolicy{TTL: time.Minute}))
		for i, want := range []int{4, 4, 5, 4, 5} {
			req := ping{1}
			if want == 5 {
				req.N = 2
			}
			if res, err := kept.Call(t.Context(), n.View(fmt.Sprintf("caller%d", i)), req); err != nil || res.N != want {
				t.Errorf("call %d: got %v, %v; want %d", i, res, err, want)
			}
		}
		<-time.After(time.Minute)
		if res, _ := kept.Call(t.Context(), view, ping{1}); res.N != 6 {
			t.Errorf("after a minute: %d, want a new answer", res.N)
		}
		if s := n.PolicyStats()[0].Cache; *s != (CacheStats{Hits: 3, Misses: 3, Entries: 2}) {
			t.Errorf("counted %+v", s)
		}
	})
}

// No part of a key can pass for another.
func TestCacheKeysAreUnambiguous(t *testing.T) {
	seen := map[cacheKey]string{}
	for _, vary := range []string{"", "en", "1", "\x01", `"en"`, `en"`, "null"} {
		for _, body := range []any{1, 12, 2, "", "en", nil} {
			p := CachePolicy{Vary: func(context.Context) string { return vary }}
			key, err := p.key(t.Context(), body)
			if err != nil {
				t.Fatal(err)
			}
			what := fmt.Sprintf("%q %v", vary, body)
			if other, known := seen[key]; known {
				t.Errorf("%s has the key of %s", what, other)
			}
			seen[key] = what
		}
	}
}

// Proves: B4
func TestCachedResponsesAreCopies(t *testing.T) {
	for _, strict := range []bool{false, true} {
		n, _ := quietNode(t, Options{Strict: strict})
		a := NewAction[ping, box]("alpha.box", Idempotent())
		a.Handle(n.View("alpha"), func(context.Context, ping) (box, error) { return full(), nil })
		kept := a.With(Cache(CachePolicy{}))
		for i := range 3 {
			res, err := kept.Call(t.Context(), n.View("test"), ping{})
			if err != nil || spoilt(res) {
				t.Fatalf("strict %v: caller %d got %v, %v: what another changed", strict, i, res, err)
			}
			spoil(res)
		}
	}
	n, _ := quietNode(t, Options{})
	a := NewAction[ping, box]("alpha.box", Idempotent(), Shared())
	a.Handle(n.View("alpha"), func(context.Context, ping) (box, error) { return full(), nil })
	kept := a.With(Cache(CachePolicy{}))
	one, _ := kept.Call(t.Context(), n.View("test"), ping{})
	two, _ := kept.Call(t.Context(), n.View("test"), ping{})
	if one.Next != two.Next {
		t.Error("a Shared response was copied")
	}
}

func TestCacheKeepsNoErrors(t *testing.T) {
	n, _ := quietNode(t, Options{})
	kept := failing(n, "alpha.flaky", Errorf(NotFound, "not yet"), errors.New("broken")).With(Cache(CachePolicy{}))
	for i, want := range []Code{NotFound, Internal, OK, OK} {
		if _, err := kept.Call(t.Context(), n.View("test"), ping{}); CodeOf(err) != want {
			t.Errorf("call %d: %v, want %s", i, err, want)
		}
	}
}

func TestCacheKeyIsTheRequestAndWhatItVariesBy(t *testing.T) {
	type project struct{}
	type query struct {
		Tags map[string]int
		Text string
	}
	n, _ := quietNode(t, Options{})
	a, calls := NewAction[query, pong]("alpha.find", Idempotent()), 0
	a.Handle(n.View("alpha"), func(context.Context, query) (pong, error) { calls++; return pong{calls}, nil })
	kept := a.With(Cache(CachePolicy{Vary: func(ctx context.Context) string {
		p, _ := ctx.Value(project{}).(string)
		return p
	}}))
	one, two := context.WithValue(t.Context(), project{}, "one"), context.WithValue(t.Context(), project{}, "two")
	for i, c := range []struct {
		ctx  context.Context
		req  query
		want int
	}{
		{one, query{Tags: map[string]int{"a": 1, "b": 2, "c": 3}}, 1},
		{one, query{Tags: map[string]int{"c": 3, "b": 2, "a": 1}}, 1},
		{two, query{Tags: map[string]int{"a": 1, "b": 2, "c": 3}}, 2},
		{one, query{Text: "x"}, 3},
		{t.Context(), query{Text: "x"}, 4},
		{two, query{Tags: map[string]int{"a": 1, "b": 2, "c": 3}}, 2},
	} {
		if res, err := kept.Call(c.ctx, n.View("test"), c.req); err != nil || res.N != c.want {
			t.Errorf("call %d: got %v, %v; want %d", i, res, err, c.want)
		}
	}
}

func TestCacheHoldsNoMoreThanItMay(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a, calls := counted(n)
	kept := a.With(Cache(CachePolicy{MaxEntries: 2}))
	for i, want := range []bool{true, true, false, true, false, true} { // 1 and 2 are new, 1 known, 3 new, 1 known, 2 forgotten
		before := *calls
		_, _ = kept.Call(t.Context(), n.View("test"), ping{[]int{1, 2, 1, 3, 1, 2}[i]})
		if called := *calls > before; called != want {
			t.Errorf("call %d came through: %v, want %v", i, called, want)
		}
	}
	large := a.With(Cache(CachePolicy{MaxEntries: 300}))
	for i := range 5000 {
		_, _ = large.Call(t.Context(), n.View("test"), ping{i})
	}
	if s := n.PolicyStats()[0].Cache; s.Entries > 302 || s.Entries < 290 {
		t.Errorf("%d responses are kept, want 302", s.Entries)
	}
}

// Callers that ask the same at one time share one call, and each gets its own deadline.
func TestCacheFliesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a, calls := NewAction[ping, pong]("alpha.slow", Idempotent()), 0
		a.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			calls++
			select {
			case <-time.After(time.Duration(req.N) * time.Second):
			case <-ctx.Done():
				return pong{}, ctx.Err()
			}
			if req.N == 2 {
				return pong{}, Errorf(NotFound, "nothing")
			}
			return pong{calls}, nil
		})
		cache := Cache(CachePolicy{})
		kept, short := a.With(cache), a.With(cache, Timeout(time.Second))
		var all sync.WaitGroup
		ask := func(a *Action[ping, pong], ctx context.Context, req ping, want Code, after time.Duration) {
			all.Go(func() {
				began := time.Now()
				if _, err := a.Call(ctx, n.View("test"), req); CodeOf(err) != want || time.Since(began) != after {
					t.Errorf("%v: got %v after %s, want %s after %s", req, err, time.Since(began), want, after)
				}
			})
			synctest.Wait()
		}
		for range 50 {
			ask(kept, t.Context(), ping{3}, OK, 3*time.Second)
			ask(kept, t.Context(), ping{2}, NotFound, 2*time.Second)
		}
		ask(short, t.Context(), ping{3}, DeadlineExceeded, time.Second)
		all.Wait()
		if calls != 2 {
			t.Errorf("%d calls for two questions", calls)
		}
		if s := n.PolicyStats()[0].Cache; *s != (CacheStats{Misses: 2, Shared: 99, Entries: 1}) {
			t.Errorf("counted %+v", s)
		}
		// When the first gives up, the next of them calls.
		leader, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		ask(kept, leader, ping{4}, Canceled, time.Second)
		ask(kept, t.Context(), ping{4}, OK, 5*time.Second)
		ask(kept, t.Context(), ping{4}, OK, 5*time.Second)
		all.Wait()
		if calls != 4 {
			t.Errorf("%d calls, want one more and its repetition", calls-2)
		}
	})
}

func TestCacheSurvivesAHandlerThatEndsItsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a, calls := NewAction[ping, pong]("alpha.gone", Idempotent()), 0
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			if calls++; calls == 1 {
				<-time.After(time.Second)
				runtime.Goexit()
			}
			return pong{calls}, nil
		})
		kept := a.With(Cache(CachePolicy{}))
		var all sync.WaitGroup
		all.Go(func() { _, _ = kept.Call(t.Context(), n.View("test"), ping{}) })
		synctest.Wait()
		res, err := kept.Call(t.Context(), n.View("test"), ping{})
		if all.Wait(); err != nil || res.N != 2 {
			t.Errorf("who waited got %v, %v", res, err)
		}
	})
}

// A node that is stopping, a service that is held and a caller that has given up
// get from a cache what they get without.
func TestCacheDoesNotAnswerForWhoIsNotServed(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a, _ := counted(n)
	kept := a.With(Cache(CachePolicy{}))
	call := func(ctx context.Context) Code {
		_, err := kept.Call(ctx, n.View("test"), ping{})
		return CodeOf(err)
	}
	if got := call(t.Context()); got != OK {
		t.Fatal(got)
	}
	if got := call(canceledContext()); got != Canceled {
		t.Errorf("a caller that has given up: %s", got)
	}
	n.Hold("alpha")
	if got := call(t.Context()); got != Unavailable {
		t.Errorf("a service that is held: %s", got)
	}
	if err := errors.Join(n.Release("alpha"), n.Drain(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := call(t.Context()); got != Unavailable {
		t.Errorf("a node that stops: %s", got)
	}
}

// A callee that ran out of time did so for all who wait: they do not queue up for it.
func TestCacheSharesTheEndOfTheCalleesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := NewAction[ping, pong]("alpha.slow", Idempotent())
		var calls atomic.Int64
		low := echo("beta.never")
		low.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) { <-ctx.Done(); return pong{}, ctx.Err() })
		short := low.With(Timeout(50 * time.Millisecond))
		a.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			calls.Add(1)
			if req.N > 0 {
				return pong{}, Invalid(FieldError{Field: "n", Message: "is too large"})
			}
			return short.Call(ctx, n.View("alpha"), req)
		})
		kept, began := a.With(Cache(CachePolicy{})), time.Now()
		answers := make(chan *Error, 40)
		for i := range 40 {
			go func() {
				_, err := kept.Call(t.Context(), n.View("test"), ping{i % 2})
				var ours *Error
				errors.As(err, &ours)
				answers <- ours
			}()
		}
		seen := map[*Error]bool{}
		for range 40 {
			err := <-answers
			if err.Code != DeadlineExceeded && (err.Code != InvalidArgument || len(err.Fields()) != 1) || seen[err] {
				t.Fatalf("got %v, twice the same: %v", err, seen[err])
			}
			seen[err] = true
			err.Message = "mine" // and its details
			clear(err.Details)
		}
		if took := time.Since(began); calls.Load() < 2 || calls.Load() > 21 || took != 50*time.Millisecond {
			t.Errorf("%d calls in %s, want one for who is late in 50 ms", calls.Load(), took)
		}
	})
}
