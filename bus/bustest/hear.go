package bustest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// Heard is what a test heard of an event. It is safe for concurrent use.
type Heard[T any] struct {
	t    testing.TB
	name string

	mu     sync.Mutex
	events []T
	more   chan struct{} // closed when the next one comes
}

// Hear subscribes the test to an event, as the service "test", before the node is
// started. A node hears an event for one test once.
func Hear[T any](t testing.TB, n *bus.Node, e *bus.Event[T]) *Heard[T] {
	t.Helper()
	h := &Heard[T]{t: t, name: e.Name(), more: make(chan struct{})}
	wire(t, n, e.Name()+" cannot be heard", func() { e.Subscribe(n.View("test"), h.add) })
	return h
}

func (h *Heard[T]) add(_ context.Context, v T) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, v)
	close(h.more)
	h.more = make(chan struct{})
	return nil
}

// Events are what came so far, in the order in which it came. Emitting does not
// wait until an event is heard: Expect does.
func (h *Heard[T]) Events() []T {
	events, _ := h.now()
	return events
}

func (h *Heard[T]) now() (events []T, more <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.events), h.more
}

// patience bounds what a test waits for and should not have to.
const patience = 5 * time.Second

// Expect waits until n events came since the beginning, and gives them. It ends the
// test if they did not come within 5 seconds, or if there are more.
func (h *Heard[T]) Expect(n int) []T {
	h.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		events, more := h.now()
		switch {
		case len(events) == n:
			return events
		case len(events) > n:
			h.t.Fatalf("%s was heard %d times instead of %d", h.name, len(events), n)
		}
		select {
		case <-more:
		case <-late.C:
			h.t.Fatalf("%s was heard %d times instead of %d within %s", h.name, len(events), n, patience)
		}
	}
}
