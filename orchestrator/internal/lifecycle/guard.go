package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.uber.org/fx"
)

// guarded is an fx.Lifecycle that passes on guarded hooks.
type guarded struct {
	inner   fx.Lifecycle
	unit    *unit
	budgets Budgets
}

// Append implements fx.Lifecycle. Both halves of the hook are set even where
// the original has none, because the state is counted in hooks.
func (g *guarded) Append(h fx.Hook) {
	k := &hook{unit: g.unit, budgets: g.budgets, start: h.OnStart, stop: h.OnStop}
	g.unit.hooks++
	g.inner.Append(fx.Hook{OnStart: k.onStart, OnStop: k.onStop})
}

// hook is one pair of functions with its guard.
type hook struct {
	unit        *unit
	budgets     Budgets
	start, stop func(context.Context) error
}

// onStart ignores the context that fx hands in: it is the process's, not the
// hook's.
func (k *hook) onStart(context.Context) error {
	u := k.unit
	if abort := u.sup.options.Abort; abort.Err() != nil {
		return u.calledOff(&AbortError{Cause: context.Cause(abort)})
	}
	u.enter(Starting, nil)
	took, err := k.run(job{Start, k.budgets.Start, context.Background(), u.sup.options.Abort, k.start})
	if err != nil {
		return u.startFailed(err, took)
	}
	if err := u.startSucceeded(took); err != nil {
		// fx will not stop a hook whose start failed, and this one has started.
		_, stopErr := k.runStop()
		return errors.Join(err, stopErr)
	}
	return nil
}

func (k *hook) onStop(context.Context) error {
	u := k.unit
	u.beginStop()
	took, err := k.runStop()
	return u.stopped(err, took)
}

// runStop is the stop as such, for all who have reason to run it. It heeds no
// abort: a stop is what an abort leads to.
func (k *hook) runStop() (took time.Duration, err error) {
	return k.run(job{Stop, k.budgets.Stop, k.unit.sup.options.StopBase, context.Background(), k.stop})
}

// late handles the result of a call that had been given up. A start that succeeded has
// opened something that nobody else will close.
func (k *hook) late(phase Phase, err error) {
	u := k.unit
	switch {
	case phase == Start && err == nil:
		u.log.Warn("a start that had been given up succeeded all the same; stopping it")
		if _, err = k.runStop(); err != nil {
			u.log.Error("stopping the late start failed", logged(err)...)
		}
	case phase == Stop:
		u.log.Warn("a stop that had been given up has returned", logged(err)...)
	default:
		u.log.Debug("a "+string(phase)+" that had been given up has returned", logged(err)...)
	}
}

// run is one guarded call with its log line; took is how long it was waited for.
func (k *hook) run(j job) (took time.Duration, err error) {
	if j.run == nil {
		return 0, nil
	}
	begun := time.Now()
	c, err := j.do(func(err error) { k.late(j.phase, err) })
	took = time.Since(begun)
	if c != nil {
		k.unit.sup.abandon(k.unit.name, j.phase, begun, c)
	}
	attrs := []any{"phase", string(j.phase), "took", took}
	if err != nil {
		k.unit.log.Error("hook failed", append(attrs, logged(err)...)...)
		return took, err
	}
	k.unit.log.Debug("hook done", attrs...)
	return took, nil
}

// logged gives the attributes of an error, with the stack when there is one.
func logged(err error) []any {
	if err == nil {
		return nil
	}
	attrs := []any{slog.String("error", err.Error())}
	if p, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	return attrs
}
