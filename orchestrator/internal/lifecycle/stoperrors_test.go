package lifecycle

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/fx"
)

// A service may have several stop hooks, and more than one of them may fail.
func TestEveryStopErrorOfAServiceIsKept(t *testing.T) {
	first, last := errors.New("the file is locked"), errors.New("the queue is lost")
	w := newWorld(Options{})
	w.service("shop",
		fx.Hook{OnStop: func(context.Context) error { return first }},
		fx.Hook{OnStop: func(context.Context) error { return nil }},
		fx.Hook{OnStop: func(context.Context) error { return last }})
	app := fx.New(w.opts...)
	err := errors.Join(app.Start(context.Background()), app.Stop(context.Background()))
	kept := w.sup.Snapshot()[0]
	for _, want := range []error{first, last} {
		if !errors.Is(err, want) || !errors.Is(kept.Err, want) {
			t.Errorf("%q is lost: the stop says %v, the state %s %v", want, err, kept.State, kept.Err)
		}
	}
}
