package lifecycle

import (
	"context"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// errGoexit is reported for a function that ended its goroutine.
var errGoexit = errors.New("it ended its goroutine without returning (runtime.Goexit)")

// Safely runs f and turns a panic or a runtime.Goexit into an error, which it
// hands to done. It calls done exactly once, also when f never returns normally.
func Safely(f func() error, done func(error)) {
	err := errGoexit
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		done(err)
	}()
	err = f()
}

// call is one run of one hook. Either its runner or its goroutine settles it,
// whoever is first: that decides whether a result is the hook's result or comes
// too late.
type call struct {
	settled atomic.Bool
	result  chan error
	// gone is closed when the goroutine has nothing left to do.
	gone chan struct{}
}

// begin runs f on a goroutine. late gets the result if the call was given up
// before f returned.
func begin(ctx context.Context, f func(context.Context) error, late func(error)) *call {
	c := &call{result: make(chan error, 1), gone: make(chan struct{})}
	go func() {
		defer close(c.gone)
		Safely(func() error { return f(ctx) }, func(err error) {
			if c.settled.CompareAndSwap(false, true) {
				c.result <- err
				return
			}
			late(err)
		})
	}()
	return c
}

// giveUp settles the call without a result. It reports false when the result is
// already there.
func (c *call) giveUp() bool { return c.settled.CompareAndSwap(false, true) }

// bounded runs f for at most budget and at most until abort ends. The context f
// gets is fresh: it inherits nothing from fx, whose own context must not end.
// The call is returned when it was given up.
func bounded(phase Phase, budget time.Duration, abort context.Context, f func(context.Context) error, late func(error)) (*call, error) {
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	c := begin(ctx, f, late)
	select {
	case err := <-c.result:
		return nil, spent(ctx, phase, budget, err)
	case <-ctx.Done():
		if !c.giveUp() {
			return nil, spent(ctx, phase, budget, <-c.result)
		}
		return c, &BudgetError{Phase: phase, Budget: budget}
	case <-abort.Done():
		if !c.giveUp() {
			return nil, <-c.result
		}
		return c, &AbortError{Cause: context.Cause(abort)}
	}
}

// spent says that an error is due to the budget when it came at its end.
func spent(ctx context.Context, phase Phase, budget time.Duration, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &BudgetError{Phase: phase, Budget: budget, Err: err}
}
