package lifecycle

import (
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// Phase says which part of a service's life is meant.
type Phase string

// The phases: the constructor, and the two kinds of hooks.
const (
	Construct Phase = "construct"
	Start     Phase = "start"
	Stop      Phase = "stop"
)

// HookError is the failure of one hook. It names the service, so that nobody
// has to find it out from a stack.
type HookError struct {
	Service string
	Phase   Phase
	Err     error
}

// Error names service, phase and cause.
func (e *HookError) Error() string {
	return fmt.Sprintf("service %q failed to %s: %v", e.Service, e.Phase, e.Err)
}

// Unwrap gives the cause.
func (e *HookError) Unwrap() error { return e.Err }

// BudgetError says that a hook did not return within its budget.
type BudgetError struct {
	Phase  Phase
	Budget time.Duration
	// Err is what the hook returned when its context ended; nil when it had
	// not returned.
	Err error
}

// Error tells the budget and whether the hook heeded its context.
func (e *BudgetError) Error() string {
	if e.Phase == Construct {
		return fmt.Sprintf("its constructor has not returned within %s; whatever can take long belongs into Start", e.Budget)
	}
	if e.Err != nil {
		return fmt.Sprintf("it used up its %s budget of %s: %v", e.Phase, e.Budget, e.Err)
	}
	return fmt.Sprintf("it used up its %s budget of %s and does not heed its context", e.Phase, e.Budget)
}

// Unwrap gives what the hook returned, if anything.
func (e *BudgetError) Unwrap() error { return e.Err }

// AbortError says that a start was called off before it was done.
type AbortError struct {
	// Cause is why, for example that a signal arrived.
	Cause error
}

// Error tells the cause.
func (e *AbortError) Error() string { return fmt.Sprintf("the start was called off: %v", e.Cause) }

// Unwrap gives the cause.
func (e *AbortError) Unwrap() error { return e.Cause }

// PanicError is a panic that was recovered from a hook, a constructor or a
// goroutine.
type PanicError struct {
	// Value is what was given to panic.
	Value any
	// Trace is where.
	Trace bus.PanicTrace
}

// Error tells the panic's value; the place is for the log.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap gives the panic's value when that was an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
