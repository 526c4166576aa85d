package bus

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
)

// Two goroutines emit; each one's events come in its order.
func TestOrderOfOneEmitterIsKept(t *testing.T) {
	n, _ := quietNode(t, Options{})
	step := told("walker.step")
	var got diary
	step.Subscribe(n.View("map"), got.write, QueueSize(10_000))
	var both sync.WaitGroup
	for walker := range 2 {
		both.Go(func() {
			for i := range 2000 {
				_ = step.Emit(t.Context(), n.View("walker"), ping{walker*10_000 + i})
			}
		})
	}
	both.Wait()
	if err := n.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := [2]int{}
	for _, number := range got.seen {
		walker := number / 10_000
		if number%10_000 != next[walker] {
			t.Fatalf("walker %d: got %d, want %d", walker, number%10_000, next[walker])
		}
		next[walker]++
	}
	if next != [2]int{2000, 2000} {
		t.Errorf("got %v", next)
	}
}

// blocked is a subscriber that handles nothing until released.
func blocked(n *Node, e *Event[ping], owner string, d *diary, opts ...SubscribeOption) (release func()) {
	gate := make(chan struct{})
	e.Subscribe(n.View(owner), func(ctx context.Context, p ping) error {
		<-gate
		return d.write(ctx, p)
	}, opts...)
	return sync.OnceFunc(func() { close(gate) })
}

func TestFullQueueDropsTheNewestAndCountsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		e := told("orders.created")
		var got, other diary
		release := blocked(n, e, "slow", &got, QueueSize(3))
		e.Subscribe(n.View("fast"), other.write)
		for i := range 10 {
			emit(t, e, n.View("orders"), i)
			synctest.Wait()
		}
		release()
		synctest.Wait()
		got.want(t, 0, 1, 2, 3) // one being handled, three waiting
		other.want(t, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
		if s := countersOf(t, n, "slow", "orders.created"); s.Delivered != 4 || s.Dropped[QueueFull] != 6 {
			t.Errorf("counted %+v, want 4 delivered and 6 dropped", s)
		}
	})
}

// Every event that was accepted is handled or counted as dropped, whenever the
// node drains and closes.
func TestNothingIsLostUncounted(t *testing.T) {
	n, _ := quietNode(t, Options{})
	e := told("orders.created")
	var got diary
	e.Subscribe(n.View("stock"), got.write, QueueSize(64))
	var all sync.WaitGroup
	var mu sync.Mutex
	accepted := uint64(0)
	for range 4 {
		all.Go(func() {
			for i := 0; ; i++ {
				err := e.Emit(t.Context(), n.View("orders"), ping{i})
				if CodeOf(err) == Unavailable {
					mu.Lock()
					accepted += uint64(i)
					mu.Unlock()
					return
				}
			}
		})
	}
	for countersOf(t, n, "stock", "orders.created").Delivered < 5000 {
		runtime.Gosched()
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	handled := len(got.seen)
	all.Wait()
	s := countersOf(t, n, "stock", "orders.created")
	if s.Delivered != uint64(handled) || s.Queued != 0 || s.Delivered+s.Dropped[QueueFull] != accepted {
		t.Errorf("%d accepted, %d handled, counted %+v", accepted, handled, s)
	}
	t.Logf("FIGURE R-35 accepted=%d handled=%d dropped=%d", accepted, s.Delivered, s.Dropped[QueueFull])
}

func TestEmittingAllocatesNothing(t *testing.T) {
	for _, p := range []Propagator{nil, marker{}} { // with one there is still no trace
		n, _ := quietNode(t, Options{Propagator: p})
		e := NewEvent[sum]("orders.created")
		gate := make(chan struct{})
		e.Subscribe(n.View("stock"), func(context.Context, sum) error { <-gate; return nil }, QueueSize(64))
		for range 100 { // fills the queue, and its ring
			_ = e.Emit(t.Context(), n.View("orders"), sum{})
		}
		view := n.View("orders")
		if allocs := testing.AllocsPerRun(100, func() { _ = e.Emit(t.Context(), view, sum{1, 2}) }); allocs != 0 {
			t.Errorf("with %v: emitting allocates %v times, want 0", p, allocs)
		}
		close(gate)
		if err := n.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
