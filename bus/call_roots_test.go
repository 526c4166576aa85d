package bus

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestInFlightListsRootsOldestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const many = 3 * nearby * 64 // more than there are places without a lock
		n, _ := quietNode(t, Options{DefaultTimeout: -1})
		stop := make(chan struct{})
		inner := echo("beta.inner")
		inner.Handle(n.View("beta"), func(context.Context, ping) (pong, error) {
			<-stop
			return pong{}, nil
		})
		a := echo("alpha.busy")
		a.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			return inner.Call(ctx, n.View("alpha"), req)
		})
		var all sync.WaitGroup
		for range 2 { // the second time in places that were given up
			stop = make(chan struct{})
			for range many {
				all.Go(func() { a.Call(t.Context(), n.View("test"), ping{}) })
				<-time.After(time.Millisecond)
			}
			list := n.InFlight()
			if len(list) != many || !slices.IsSortedFunc(list, func(x, y CallInfo) int { return x.Start.Compare(y.Start) }) {
				t.Errorf("%d roots are listed, want %d, the oldest first", len(list), many)
			}
			ids := map[string]bool{}
			for i, c := range list {
				ids[c.RequestID] = true
				if c.Action != "alpha.busy" || c.Caller != "test" || c.Age != time.Duration(many-i)*time.Millisecond {
					t.Errorf("root %d is %+v", i, c)
				}
			}
			if len(ids) != many {
				t.Errorf("%d request ids for %d roots", len(ids), many)
			}
			close(stop)
			all.Wait()
			if left := n.InFlight(); len(left) != 0 || !n.roots.empty() {
				t.Errorf("%d roots are left", len(left))
			}
		}
	})
}

// Frames take and give up places from many goroutines, more than there are near.
func TestPlacesAreNeverShared(t *testing.T) {
	var r roots
	r.init()
	node := NewNode(Options{})
	e := &edge{node: node}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			held := make([]*frame, 0, 2*nearby)
			for i := range 20_000 {
				if len(held) == cap(held) || i%3 == 2 && len(held) > 0 {
					if f := held[0]; !f.live() {
						t.Error("a frame lost its place")
					} else if f.end(); f.live() {
						t.Error("a frame is live after its end")
					}
					held = held[1:len(held):len(held)]
					held = append(make([]*frame, 0, 2*nearby), held...)
				}
				f := &frame{parent: context.Background(), edge: e}
				r.add(f, g%2)
				held = append(held, f)
			}
			for _, f := range held {
				f.end()
			}
		})
	}
	all.Wait()
	if !r.empty() || len(r.all()) != 0 {
		t.Errorf("%d frames are left", len(r.all()))
	}
}
