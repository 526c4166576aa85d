package bus

import (
	"context"
	"errors"
	"strings"
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
				var last error
				handled := 0
				step.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
					return pong{}, back.Emit(keep(ctx), n.View("beta"), ping{})
				})
				there.Subscribe(n.View("beta"), func(ctx context.Context, _ ping) error {
					handled++
					_, last = step.Call(ctx, n.View("beta"), ping{})
					return last
				})
				back.Subscribe(n.View("alpha"), func(ctx context.Context, _ ping) error {
					handled++
					last = there.Emit(keep(ctx), n.View("alpha"), ping{})
					return last
				})
				emit(t, there, n.View("test"), 1)
				synctest.Wait()
				if !errors.Is(last, ErrTooDeep) || !strings.Contains(last.Error(), "events are nested too deep") || handled > maxFrames+1 {
					t.Errorf("%d events were handled, the last with %v", handled, last)
				}
				if err := there.Emit(t.Context(), n.View("test"), ping{1}); err != nil {
					t.Errorf("a new one: %v", err)
				}
			})
		})
	}
}
