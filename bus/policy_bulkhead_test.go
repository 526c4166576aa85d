package bus

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slow is an action that takes as many seconds as it is asked to, and counts how
// many calls run together.
type slow struct {
	*Action[ping, pong]

	running, most atomic.Int64
}

func newSlow(n *Node) *slow {
	s := &slow{Action: echo("alpha.slow")}
	s.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
		running := s.running.Add(1)
		defer s.running.Add(-1)
		for most := s.most.Load(); running > most && !s.most.CompareAndSwap(most, running); most = s.most.Load() {
		}
		<-time.After(time.Duration(req.N) * time.Second)
		return pong(req), nil
	})
	return s
}

// Proves: B18
func TestBulkheadIsOffUnlessBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		s := newSlow(n)
		crowd := func(a *Action[ping, pong]) (full, failed int) {
			var mu sync.Mutex
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					_, err := a.Call(t.Context(), n.View("test"), ping{1})
					mu.Lock()
					defer mu.Unlock()
					if errors.Is(err, ErrBulkheadFull) && CodeOf(err) == ResourceExhausted {
						full++
					} else if err != nil {
						failed++
					}
				})
			}
			all.Wait()
			return full, failed
		}
		if full, failed := crowd(s.Action); s.most.Load() != 10 || full+failed != 0 {
			t.Errorf("without the policy %d of 10 ran together, %d were refused, %d failed", s.most.Load(), full, failed)
		}
		s.most.Store(0)
		began := time.Now()
		full, failed := crowd(s.With(Bulkhead(BulkheadPolicy{Concurrency: 3, Queue: 5})))
		if s.most.Load() != 3 || full != 2 || failed != 0 {
			t.Errorf("with the policy %d ran together, %d were refused, %d failed; want 3, 2, 0", s.most.Load(), full, failed)
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("eight calls, three at a time, took %s", took)
		}
		if p := n.PolicyStats()[0].Bulkhead; p.Rejected != 2 || p.Waiting != 0 {
			t.Errorf("counted %+v", p)
		}
		if got := codes(n, "alpha.slow", "test"); got["ok"] != 18 || got["resource_exhausted"] != 2 {
			t.Errorf("counted %v", got)
		}
	})
}

func TestBulkheadServesFirstComeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{DefaultTimeout: -1})
		var order []int
		a := echo("alpha.order")
		a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
			order = append(order, req.N)
			<-time.After(time.Second)
			return pong(req), nil
		})
		one := a.With(Bulkhead(BulkheadPolicy{Concurrency: 1, Queue: 20}))
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() { _, _ = one.Call(t.Context(), n.View("test"), ping{i}) })
			synctest.Wait()
		}
		if w := n.PolicyStats()[0].Bulkhead.Waiting; w != 19 {
			t.Errorf("%d wait, want 19", w)
		}
		all.Wait()
		if !slices.IsSorted(order) || len(order) != 20 {
			t.Errorf("ran in the order %v", order)
		}
	})
}

// Who waits gives up at its deadline, or when its caller does, and its place is
// not lost.
func TestBulkheadWaitEndsWithTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		s := newSlow(n)
		bulkhead := Bulkhead(BulkheadPolicy{Concurrency: 1, Queue: 5})
		var all sync.WaitGroup
		call := func(d time.Duration, ctx context.Context, want Code, after time.Duration) {
			all.Go(func() {
				began := time.Now()
				_, err := s.With(bulkhead, Timeout(d)).Call(ctx, n.View("test"), ping{3})
				if CodeOf(err) != want || time.Since(began) != after {
					t.Errorf("got %v after %s, want %s after %s", err, time.Since(began), want, after)
				}
			})
			synctest.Wait()
		}
		canceled, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		call(0, t.Context(), OK, 3*time.Second)
		call(time.Second, t.Context(), DeadlineExceeded, time.Second)
		call(time.Minute, canceled, Canceled, 2*time.Second)
		call(0, t.Context(), OK, 6*time.Second)
		all.Wait()
		if s.most.Load() != 1 {
			t.Errorf("%d ran together", s.most.Load())
		}
		call(0, t.Context(), OK, 3*time.Second)
		all.Wait()
	})
}

// A token that comes at the very moment its waiter gives up goes on to the next.
func TestBulkheadLosesNoTokenAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		s := newSlow(n)
		bulkhead := Bulkhead(BulkheadPolicy{Concurrency: 1, Queue: 1})
		one, hurried := s.With(bulkhead), s.With(bulkhead, Timeout(time.Second))
		for range 200 {
			var all sync.WaitGroup
			all.Go(func() { _, _ = one.Call(t.Context(), n.View("test"), ping{1}) })
			synctest.Wait()
			all.Go(func() { _, _ = hurried.Call(t.Context(), n.View("test"), ping{0}) })
			all.Wait()
			if _, err := one.Call(t.Context(), n.View("test"), ping{0}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Whatever meets, there are never more together, and no token is lost.
func TestBulkheadKeepsItsTokens(t *testing.T) {
	const places, callers, rounds = 3, 16, 300
	n, _ := quietNode(t, Options{})
	var running, most atomic.Int64
	a := echo("alpha.busy")
	a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
		defer running.Add(-1)
		if now := running.Add(1); now > places {
			most.Store(now)
		}
		if req.N%50 == 0 {
			panic("boom")
		}
		return pong(req), nil
	})
	busy := a.With(Bulkhead(BulkheadPolicy{Concurrency: places, Queue: callers}))
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for i := range rounds {
				ctx, cancel := context.WithCancel(t.Context())
				if c%4 == 0 {
					go cancel()
				}
				_, err := busy.Call(ctx, n.View("test"), ping{i})
				if code := CodeOf(err); code != OK && code != Internal && code != Canceled {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	all.Wait()
	if most.Load() != 0 {
		t.Errorf("%d ran together, want at most %d", most.Load(), places)
	}
	b := busy.binding.last.Load().bulkhead
	left := 0
	for left <= places && b.Take() {
		left++
	}
	if waiting, _ := b.Load(); left != places || waiting != 0 {
		t.Errorf("%d tokens of %d, %d in the queue", left, places, waiting)
	}
}
