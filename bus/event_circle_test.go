package bus

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// Two events whose handlers emit each other come to an end, also by a call in between and
// by a context that outlives its handler.
func TestEventsInACircleAreRefused(t *testing.T) {
	for name, keep := range map[string]func(context.Context) context.Context{"direct": func(ctx context.Context) context.Context { return ctx }, "kept": context.WithoutCancel} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, _ := quietNode(t, Options{})
				there, back, step := told("alpha.there"), told("beta.back"), echo("beta.step")
				var handled atomic.Int64
				refused := make(chan error, maxFrames)
				report := func(err error) error {
					if err != nil {
						refused <- err
					}
					return err
				}
				step.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
					return pong{}, back.Emit(keep(ctx), n.View("beta"), ping{})
				})
				there.Subscribe(n.View("beta"), func(ctx context.Context, _ ping) error {
					handled.Add(1)
					_, err := step.Call(ctx, n.View("beta"), ping{})
					return report(err)
				})
				back.Subscribe(n.View("alpha"), func(ctx context.Context, _ ping) error {
					handled.Add(1)
					return report(there.Emit(keep(ctx), n.View("alpha"), ping{}))
				})
				emit(t, there, n.View("test"), 1)
				synctest.Wait()
				last := <-refused
				if !errors.Is(last, ErrTooDeep) || !strings.Contains(last.Error(), "events are nested too deep") || handled.Load() > maxFrames+1 {
					t.Errorf("%d events were handled, the last with %v", handled.Load(), last)
				}
				if err := there.Emit(t.Context(), n.View("test"), ping{1}); err != nil {
					t.Errorf("a new one: %v", err)
				}
			})
		})
	}
}
