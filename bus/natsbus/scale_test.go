package natsbus

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// newInstance makes a node whose own oracle shares its calls.
func newInstance(t *testing.T, url string, o bus.Options, handle func(context.Context, question) (reading, error)) *bus.Node {
	t.Helper()
	n, _ := build(t, Config{URL: url}, o, func(n *bus.Node) { ask.Handle(n.View("oracle"), handle) })
	return begin(t, n)
}

func named(name string) func(context.Context, question) (reading, error) {
	return func(context.Context, question) (reading, error) { return reading{Text: name}, nil }
}

// Proves: B13 (local is preferred unless the node shares; then all instances take
// part, and one that is alone serves its calls itself).
func TestShare(t *testing.T) {
	s := testnats.Start(t)
	sharing := newInstance(t, s.URL(), bus.Options{Share: true}, named("here"))
	usual := newInstance(t, s.URL(), bus.Options{}, named("there"))
	tally := func(n *bus.Node) map[string]int {
		seen := map[string]int{}
		for range 200 {
			res, err := ask.Call(t.Context(), n.View("shop"), question{})
			if err != nil {
				t.Fatal(err)
			}
			seen[res.Text]++
		}
		return seen
	}
	if seen := tally(usual); seen["there"] != 200 {
		t.Errorf("without Share calls left the process: %v", seen)
	}
	if seen := tally(sharing); seen["here"] < 30 || seen["there"] < 30 {
		t.Errorf("with Share: %v", seen)
	}
	if err := errors.Join(usual.Drain(t.Context()), usual.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	if seen := tally(sharing); seen["here"] != 200 {
		t.Errorf("alone: %v", seen)
	}
	s.Stop()
	for sharing.Connected() {
		_ = pause(t.Context(), 1)
	}
	if seen := tally(sharing); seen["here"] != 200 {
		t.Errorf("disconnected: %v", seen)
	}
}

// A full bulkhead refuses, whoever else is in reach.
func TestFullBulkheadRefuses(t *testing.T) {
	s := testnats.Start(t)
	narrow := ask.With(bus.Bulkhead(bus.BulkheadPolicy{Concurrency: 1}))
	busy, release := make(chan struct{}), make(chan struct{})
	n := newInstance(t, s.URL(), bus.Options{}, func(_ context.Context, q question) (reading, error) {
		close(busy)
		<-release
		return reading{}, nil
	})
	newInstance(t, s.URL(), bus.Options{}, named("there"))
	var blocked sync.WaitGroup
	blocked.Go(func() { _, _ = narrow.Call(context.Background(), n.View("shop"), question{}) })
	<-busy
	if _, err := narrow.Call(t.Context(), n.View("shop"), question{}); !errors.Is(err, bus.ErrBulkheadFull) {
		t.Errorf("got %v", err)
	}
	close(release)
	blocked.Wait()
}
