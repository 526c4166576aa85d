package bus_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// Proves: R-20, R11 (10,000 panics in one service while a sibling is called: the
// sibling's callers see no error, each panic is one Internal without its text, and
// all are counted).
func TestPanicsLeaveSiblingsAlone(t *testing.T) {
	bomb := bus.NewAction[struct{}, struct{}]("bombs.explode")
	calm := bus.NewAction[int, int]("calm.double")
	n := membus.New(bus.Options{Logger: slog.New(slog.DiscardHandler)})
	bomb.Handle(n.View("bombs"), func(context.Context, struct{}) (struct{}, error) {
		var none map[string]int
		none["a secret key"] = 1
		return struct{}{}, nil
	})
	calm.Handle(n.View("calm"), func(_ context.Context, i int) (int, error) { return 2 * i, nil })

	const panics, workers = 10_000, 4
	shop := n.View("shop")
	var bombs, siblings sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		siblings.Go(func() {
			for i := 0; ; i++ {
				if got, err := calm.Call(t.Context(), shop, i); err != nil || got != 2*i {
					t.Errorf("the sibling answered %d to %d: %v", got, i, err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for range workers {
		bombs.Go(func() {
			for range panics / workers {
				_, err := bomb.Call(t.Context(), shop, struct{}{})
				if bus.CodeOf(err) != bus.Internal || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "nil map") {
					t.Errorf("a panic became %v", err)
					return
				}
			}
		})
	}
	bombs.Wait()
	close(done)
	siblings.Wait()
	for _, e := range n.Stats() {
		if e.Action == bomb.Name() && (e.Panics != panics || e.Requests[bus.Internal] != panics || e.InFlight != 0) {
			t.Errorf("counted %d panics, %d internal, %d in flight", e.Panics, e.Requests[bus.Internal], e.InFlight)
		}
		if e.Action == calm.Name() && (e.Requests[bus.OK] == 0 || e.Panics != 0) {
			t.Errorf("the sibling: %d answers, %d panics", e.Requests[bus.OK], e.Panics)
		}
	}
}
