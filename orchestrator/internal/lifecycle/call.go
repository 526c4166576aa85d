package lifecycle

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// errGoexit is reported for a function that ended its goroutine.
var errGoexit = errors.New("it ended its goroutine without returning (runtime.Goexit)")

// Safely runs f and turns a panic or a runtime.Goexit into an error, which it
// hands to done. It calls done exactly once, also when f never returns normally.
func Safely(f func() error, done func(error)) {
	err := errGoexit
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Trace: bus.TracePanic()}
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

// job is one hook's function with what bounds it.
type job struct {
	phase  Phase
	budget time.Duration
	// base is what the function's context hangs from. It is fresh: it inherits
	// nothing from fx, whose own context must not end.
	base context.Context
	// abort makes the job be given up before its budget is spent.
	abort context.Context
	run   func(context.Context) error
}

// do runs the job for at most its budget and at most until abort ends. The call
// is returned when it was given up; late gets its result then.
func (j job) do(late func(error)) (*call, error) {
	ctx, cancel := context.WithTimeout(j.base, j.budget)
	defer cancel()
	c := begin(ctx, j.run, late)
	select {
	case err := <-c.result:
		return nil, j.spent(ctx, err)
	case <-ctx.Done():
		if !c.giveUp() {
			return nil, j.spent(ctx, <-c.result)
		}
		return c, &BudgetError{Phase: j.phase, Budget: j.budget}
	case <-j.abort.Done():
		if !c.giveUp() {
			return nil, <-c.result
		}
		return c, &AbortError{Cause: context.Cause(j.abort)}
	}
}

// spent says that an error is due to the budget when it came at its end.
func (j job) spent(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &BudgetError{Phase: j.phase, Budget: j.budget, Err: err}
}

// Until runs f on a goroutine of its own, and gives it up when stop ends: f may hang at
// what it reads.
func Until(stop context.Context, f func() error) error {
	_, err := job{budget: math.MaxInt64, base: context.Background(), abort: stop, run: func(context.Context) error { return f() }}.do(func(error) {})
	return err
}
