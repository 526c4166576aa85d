package bus

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// Proves: R17 for the memory bus: the counts of one edge.
func TestEveryCallIsCountedUnderItsCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.mixed")
		a.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			switch req.N {
			case 1:
				return pong{}, errors.New("undeclared")
			case 2:
				<-ctx.Done()
				return pong{}, ctx.Err()
			}
			<-time.After(time.Second)
			return pong{}, nil
		})
		for i := range 3 {
			a.Call(t.Context(), n.View("beta"), ping{i})
		}
		a.Call(t.Context(), n.View("gamma"), ping{})
		all := n.Stats()
		if len(all) != 2 || all[0].Caller != "beta" || all[1].Caller != "gamma" || all[1].Requests[OK] != 1 {
			t.Fatalf("counted %+v", all)
		}
		s := all[0]
		if s.Service != "alpha" || s.Action != "alpha.mixed" || s.Requests[OK] != 1 || s.Requests[Internal] != 1 ||
			s.Requests[DeadlineExceeded] != 1 || s.Duration.Count != 3 || s.Duration.Sum != 11 || s.InFlight != 0 {
			t.Errorf("counted %+v", s)
		}
		for _, b := range s.Duration.Buckets {
			want := uint64(1)
			if b.UpperBound >= 1 {
				want = 2
			}
			if b.Count != want {
				t.Errorf("%d calls took at most %g s, want %d", b.Count, b.UpperBound, want)
			}
		}
	})
}

func TestNoCountIsLost(t *testing.T) {
	const goroutines, calls = 16, 50_000 // of each goroutine, half of them roots
	view, add := addNode(t)
	run := echo("outer.run")
	run.Handle(view.node.View("outer"), func(ctx context.Context, _ ping) (pong, error) {
		for range calls / 2 {
			add.Call(ctx, view, sum{1, 2})
		}
		return pong{}, nil
	})
	patient := run.With(Timeout(time.Hour))
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for range calls / 2 {
				add.Call(t.Context(), view, sum{1, 2})
			}
			if _, err := patient.Call(t.Context(), view, ping{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s := view.node.Stats()[0]
	if s.Requests[OK] != goroutines*calls || s.Duration.Count != goroutines*calls || s.InFlight != 0 {
		t.Errorf("counted %d calls, %d durations, %d in flight; want %d, the same, 0",
			s.Requests[OK], s.Duration.Count, s.InFlight, goroutines*calls)
	}
	if last := s.Duration.Buckets[counters.Buckets-1].Count; last != goroutines*calls {
		t.Errorf("the buckets hold %d", last)
	}
	if left := view.node.InFlight(); len(left) != 0 {
		t.Errorf("%d roots are left", len(left))
	}
}

func TestStatsAreConsistentWhileCallsRun(t *testing.T) {
	view, add := addNode(t)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					add.Call(t.Context(), view, sum{1, 2})
				}
			}
		})
	}
	var before uint64
	for range 2000 {
		for _, s := range view.node.Stats() {
			var requests, last uint64
			for _, r := range s.Requests {
				requests += r
			}
			for _, b := range s.Duration.Buckets {
				if b.Count < last || b.Count > requests {
					t.Fatalf("buckets are not cumulative: %+v", s.Duration)
				}
				last = b.Count
			}
			if requests != s.Duration.Count || requests < before || s.InFlight < 0 {
				t.Fatalf("%d requests after %d, %d durations, %d in flight", requests, before, s.Duration.Count, s.InFlight)
			}
			before = requests
		}
	}
	close(stop)
	all.Wait()
}

func TestAllCodesHaveACounter(t *testing.T) {
	if NumCodes > counters.Codes {
		t.Errorf("%d codes and %d counters of them", NumCodes, counters.Codes)
	}
}
