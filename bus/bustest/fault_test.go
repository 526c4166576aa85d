package bustest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

var (
	ask     = bus.NewAction[int, int]("oracle.ask")
	happens = bus.NewEvent[int]("oracle.happens")
)

// stormy are rates at which everything happens.
var stormy = Rates{Drop: 0.1, Lose: 0.1, Refuse: 0.1, Duplicate: 0.1, Delay: 0.1}

// weather makes 100 calls of each of three callers over a link with faults, and
// emits as many events: what each call came to, how often the handler ran, and
// which events arrived.
func weather(t *testing.T, f *Faults) (outcomes map[string][]string, served int, arrived []int) {
	t.Helper()
	l := &Link{}
	o := bus.Options{Logger: Logger(t)}
	o.Transport = l.Transport()
	far := bus.NewNode(o)
	o.Transport = f.Transport(l.Transport())
	near := bus.NewNode(o)
	var mu sync.Mutex
	ask.Handle(far.View("oracle"), func(_ context.Context, n int) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		served++
		return n, nil
	})
	happens.Subscribe(far.View("watcher"), func(_ context.Context, n int) error {
		arrived = append(arrived, n)
		return nil
	})
	begin(t, far, near)
	outcomes = map[string][]string{}
	var callers sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		callers.Go(func() {
			list := storm(t.Context(), near.View(name))
			mu.Lock()
			defer mu.Unlock()
			outcomes[name] = list
		})
	}
	callers.Wait()
	finishNodes(t, near, far)
	return outcomes, served, arrived
}

func storm(ctx context.Context, b *bus.Bus) (outcomes []string) {
	hurried := ask.With(bus.Timeout(time.Second))
	for i := range 100 {
		start := time.Now()
		_, err := hurried.Call(ctx, b, i)
		outcomes = append(outcomes, fmt.Sprint(bus.CodeOf(err), " ", time.Since(start)))
		if b.Owner() == "a" {
			_ = happens.Emit(ctx, b, i)
		}
	}
	return outcomes
}

func begin(t *testing.T, nodes ...*bus.Node) {
	t.Helper()
	for _, n := range nodes {
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		if err := n.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func finishNodes(t *testing.T, nodes ...*bus.Node) {
	t.Helper()
	for _, n := range nodes {
		if err := n.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if err := n.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// sorted are decisions without the order between callers, which nobody decides.
func sorted(all []Decision) []string {
	lines := make([]string, len(all))
	for i, d := range all {
		lines[i] = d.String()
	}
	slices.Sort(lines)
	return lines
}

// The same seed decides the same, whoever runs beside whom; another seed does
// not.
func TestFaultsComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := Fault(t, 7, stormy)
		outcomes, served, arrived := weather(t, first)
		for name, again := range map[string]*Faults{"the seed": Fault(t, 7, stormy)} {
			sameOutcomes, sameServed, sameArrived := weather(t, again)
			if !slices.Equal(sorted(first.Decisions()), sorted(again.Decisions())) {
				t.Errorf("%s decided otherwise", name)
			}
			if fmt.Sprint(outcomes) != fmt.Sprint(sameOutcomes) || served != sameServed || !slices.Equal(arrived, sameArrived) {
				t.Errorf("%s led to something else", name)
			}
		}
		other := Fault(t, 8, stormy)
		weather(t, other)
		if slices.Equal(sorted(first.Decisions()), sorted(other.Decisions())) {
			t.Error("another seed decided the same")
		}
	})
}

// What the caller sees is what was decided.
func TestFaultsHaveTheirEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := Fault(t, 1, stormy)
		outcomes, served, arrived := weather(t, f)
		runs := map[Effect]int{Pass: 1, Lose: 1, Duplicate: 2, Delay: 1}
		seen, wantServed, wantArrived := map[Effect]int{}, 0, []int{}
		for _, d := range f.Decisions() {
			if d.Name == happens.Name() {
				if d.Effect != Drop && d.Effect != Refuse {
					wantArrived = append(wantArrived, d.Number-1)
				}
				continue
			}
			seen[d.Effect]++
			wantServed += runs[d.Effect]
			got := outcomes[d.From][d.Number-1]
			want := map[Effect]string{Drop: "deadline_exceeded 1s", Lose: "deadline_exceeded 1s", Refuse: "unavailable 0s", Delay: "ok " + d.Wait.String()}[d.Effect]
			if want == "" {
				want = "ok 0s"
			}
			if got != want {
				t.Errorf("%s: %s, want %s", d, got, want)
			}
		}
		if served != wantServed || !slices.Equal(arrived, wantArrived) {
			t.Errorf("served %d of %d, events %v of %v", served, wantServed, arrived, wantArrived)
		}
		for _, e := range []Effect{Pass, Drop, Lose, Refuse, Duplicate, Delay} {
			if seen[e] < 10 {
				t.Errorf("%s happened %d times of 300", e, seen[e])
			}
		}
	})
}

// Who emits a flushed event learns that it was not confirmed: after the node's default
// when nothing else limits the wait, also where calls have no limit.
func TestDroppedFlushedEventsAreNotConfirmed(t *testing.T) {
	for limit, want := range map[time.Duration]time.Duration{0: bus.DefaultTimeout, 3 * time.Second: 3 * time.Second, -1: bus.DefaultTimeout} {
		synctest.Test(t, func(t *testing.T) {
			f := Fault(t, 1, Rates{Drop: 1})
			n := bus.NewNode(bus.Options{Transport: f.Transport(new(Link).Transport()), DefaultTimeout: limit})
			begin(t, n)
			e, began := bus.NewEvent[int]("oracle.spoke"), time.Now()
			if err := e.Emit(t.Context(), n.View("oracle"), 1); err != nil {
				t.Errorf("not flushed: %v", err)
			}
			if err := e.Flushed().Emit(t.Context(), n.View("oracle"), 2); bus.CodeOf(err) != bus.DeadlineExceeded || time.Since(began) != want {
				t.Errorf("flushed: %v after %s, want the deadline after %s", err, time.Since(began), want)
			}
			finishNodes(t, n)
		})
	}
}

func TestFaultsAreLoggedWhenTheTestFails(t *testing.T) {
	for _, fails := range []bool{true, false} {
		r := Trial(func(t testing.TB) {
			f := Fault(t, 7, Rates{Refuse: 1})
			f.decide("a", "oracle.ask")
			if fails {
				t.Error("no")
			}
		})
		if strings.Contains(r.String(), "faults of seed 7:\n  1. a oracle.ask #1: refuse") != fails {
			t.Errorf("fails %v: %s", fails, r)
		}
	}
	r := Trial(func(t testing.TB) { Fault(t, 0, Rates{Drop: 0.6, Lose: 0.6}) })
	if !r.Failed || !strings.Contains(r.String(), "together at most 1") {
		t.Errorf("rates of 1.2: %s", r)
	}
	Trial(func(tb testing.TB) {
		if Fault(tb, 0, Rates{}).Seed() == 0 {
			t.Error("no seed was taken")
		}
	})
}
