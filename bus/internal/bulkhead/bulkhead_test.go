package bulkhead

import (
	"context"
	"sync"
	"testing"
)

// Whoever takes, waits and gives up meanwhile: no token is lost, and nobody stays announced.
func TestNoTokenIsLost(t *testing.T) {
	const places, callers, rounds = 3, 16, 300
	b := New(places, callers)
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for range rounds {
				ctx, cancel := context.WithCancel(t.Context())
				if c%4 == 0 {
					go cancel()
				}
				wait := func(granted <-chan struct{}) error {
					select {
					case <-granted:
						return nil
					case <-ctx.Done():
						return ctx.Err()
					}
				}
				if b.Take() || b.Wait(wait) == nil {
					b.Give()
				}
				cancel()
			}
		})
	}
	all.Wait()
	left := int64(0)
	for i := range b.parts {
		left += b.parts[i].free.Load()
	}
	if left != places || b.waiting.Load() != 0 || b.queue.Len() != 0 {
		t.Errorf("%d tokens of %d, %d announced, %d in the queue", left, places, b.waiting.Load(), b.queue.Len())
	}
}
