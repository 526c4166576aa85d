package bus

import (
	"cmp"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/breaker"
)

// ErrBreakerOpen is the reason of an Unavailable error that a circuit breaker
// answers: the action was not called.
var ErrBreakerOpen = NewError(Unavailable, "bus.breakerOpen")

// BreakerPolicy says when calls are held off from an action that fails.
type BreakerPolicy struct {
	// FailureRatio is the part of the calls in the window that must have failed, in
	// (0, 1]. Default: 0.5.
	FailureRatio float64
	// MinRequests is how many calls must have ended in the window before the ratio
	// says anything. Default: 20.
	MinRequests int
	// Window is how far back calls count. It rolls on in tenths. Default: 10 s.
	Window time.Duration
	// OpenFor is how long no call is let through. Default: 5 s.
	OpenFor time.Duration
	// Probes is how many calls are let through after that, and must all succeed
	// before the breaker closes. Default: 1.
	Probes int
}

// Breaker stops calling an action that fails too often, so that its callers do not
// wait for errors and it has time to recover. It has three states. Closed: calls go
// through and are counted; when one fails and the ratio is reached, it opens. Open:
// every call is answered immediately with Unavailable and the reason of ErrBreakerOpen.
// Half-open, after OpenFor: a few calls go through as probes and the others are
// answered as before; if all probes succeed it closes and forgets, and if one
// fails it opens again.
//
// A failure is an error with code Unavailable, DeadlineExceeded, Internal or
// ResourceExhausted: the callee is broken, overloaded or away. A call that its
// caller canceled counts as nothing, and so does one that did not leave: its deadline had
// passed before, it was too large to be sent, this process is not connected or is
// stopping. Every other error is a success, because the callee could say what is wrong.
func Breaker(p BreakerPolicy) Policy {
	wrong := limits{policy: "Breaker"}
	wrong.atLeastZero("MinRequests", p.MinRequests >= 0, p.MinRequests)
	wrong.atLeastZero("Window", p.Window >= 0, p.Window)
	wrong.atLeastZero("OpenFor", p.OpenFor >= 0, p.OpenFor)
	wrong.atLeastZero("Probes", p.Probes >= 0, p.Probes)
	if !(p.FailureRatio >= 0 && p.FailureRatio <= 1) {
		wrong.wrong = append(wrong.wrong, fmt.Errorf("FailureRatio of Breaker is %v: it is the part of calls that fail, above 0 and up to 1", p.FailureRatio))
	}
	p.FailureRatio = cmp.Or(p.FailureRatio, 0.5)
	p.MinRequests = cmp.Or(p.MinRequests, 20)
	p.Window = cmp.Or(p.Window, 10*time.Second)
	p.OpenFor = cmp.Or(p.OpenFor, 5*time.Second)
	p.Probes = cmp.Or(p.Probes, 1)
	return Policy{breaker: &p, problem: wrong.problem()}
}

// BreakerState is a state of a circuit breaker, the better one smaller.
type BreakerState uint8

const (
	// BreakerClosed lets calls through.
	BreakerClosed = BreakerState(breaker.Closed)
	// BreakerHalfOpen lets a few calls through to see whether they succeed.
	BreakerHalfOpen = BreakerState(breaker.HalfOpen)
	// BreakerOpen lets none through. It stays in this state after OpenFor until
	// somebody calls.
	BreakerOpen = BreakerState(breaker.Open)
)

// String is the state in lower case: "half-open".
func (s BreakerState) String() string {
	switch s {
	case BreakerClosed:
		return "closed"
	case BreakerHalfOpen:
		return "half-open"
	case BreakerOpen:
		return "open"
	}
	return fmt.Sprintf("state %d", uint8(s))
}

// diagnose is what a call that ended with err says about the callee.
func diagnose(err error) breaker.Symptom {
	if ours, ok := err.(*Error); ok && ours.unsent { //nolint:errorlint // a call returns nothing else, unwrapped
		return breaker.Nothing
	}
	switch CodeOf(err) {
	case Canceled:
		return breaker.Nothing
	case Unavailable, DeadlineExceeded, Internal, ResourceExhausted:
		return breaker.Failure
	default:
		return breaker.Success
	}
}

// breakerState is a BreakerPolicy at work.
type breakerState struct{ *breaker.Breaker }

func (b *breakerState) report(s *PolicyStats) {
	if s.Breaker == nil {
		s.Breaker = &BreakerStats{}
	}
	s.Breaker.State = max(s.Breaker.State, BreakerState(b.Phase().State()))
	s.Breaker.Opened += b.Opened()
	s.Breaker.Rejected += b.Rejected()
}
