package bus

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
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
// every call is answered at once with Unavailable and the reason of ErrBreakerOpen.
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
	p.FailureRatio = orDefault(p.FailureRatio, 0.5)
	p.MinRequests = orDefault(p.MinRequests, 20)
	p.Window = max(orDefault(p.Window, 10*time.Second), tenths)
	p.OpenFor = orDefault(p.OpenFor, 5*time.Second)
	p.Probes = orDefault(p.Probes, 1)
	return Policy{breaker: &p, problem: wrong.problem()}
}

// BreakerState is a state of a circuit breaker, the better one smaller.
type BreakerState uint8

const (
	// BreakerClosed lets calls through.
	BreakerClosed BreakerState = iota
	// BreakerHalfOpen lets a few calls through to see whether they succeed.
	BreakerHalfOpen
	// BreakerOpen lets none through. It stays in this state after OpenFor until
	// somebody calls.
	BreakerOpen
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

// symptom is what a call tells a breaker about the callee.
type symptom uint8

const (
	nothing symptom = iota
	success
	failure
)

// diagnose is what a call that ended with err says about the callee.
func diagnose(err error) symptom {
	if ours, ok := err.(*Error); ok && ours.unsent { //nolint:errorlint // a call returns nothing else, unwrapped
		return nothing
	}
	switch CodeOf(err) {
	case Canceled:
		return nothing
	case Unavailable, DeadlineExceeded, Internal, ResourceExhausted:
		return failure
	default:
		return success
	}
}

// phase is a state and how many states there were before: what a call that began
// in an earlier phase says is no longer news.
type phase uint64

func (p phase) state() BreakerState { return BreakerState(p & 3) }

func (p phase) number() uint64 { return uint64(p >> 2) }

func (p phase) then(s BreakerState) phase { return (p>>2+1)<<2 | phase(s) }

// breaker is a BreakerPolicy at work. A call through a closed one reads phase, and
// writes to its processor's part of the window; the lock is for the rest.
type breaker struct {
	*BreakerPolicy

	phase  atomic.Uint64
	window window

	mu       sync.Mutex
	until    int64 // when an open one may be probed, on the node's clock
	probing  int   // probes that have not ended
	passed   int   // probes that succeeded
	opened   atomic.Uint64
	rejected atomic.Uint64
}

func newBreaker(p *BreakerPolicy) *breaker {
	return &breaker{BreakerPolicy: p, window: newWindow(p.Window)}
}

func (b *breaker) now() phase { return phase(b.phase.Load()) }

// closed lets a call through if all are: without the clock, and without a lock.
func (b *breaker) closed() (phase, bool) {
	p := b.now()
	return p, p.state() == BreakerClosed
}

// admit lets a call through or does not, and says which phase it began, 0 for none.
// The phase that it returns first goes back to done.
func (b *breaker) admit(now int64) (p phase, ok bool, begun phase) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now().state() == BreakerOpen && now >= b.until {
		b.probing, b.passed = 0, 0
		begun = b.enter(BreakerHalfOpen)
	}
	switch p := b.now(); {
	case p.state() == BreakerClosed:
		return p, true, begun
	case p.state() == BreakerHalfOpen && b.probing+b.passed < b.Probes:
		b.probing++
		return p, true, begun
	}
	b.rejected.Add(1)
	return 0, false, begun
}

// enter begins the next phase. The lock is held.
func (b *breaker) enter(s BreakerState) phase {
	next := b.now().then(s)
	b.phase.Store(uint64(next))
	return next
}

// done hears how a call ended that was let through in the phase p, and says which
// phase that began, 0 for none.
func (b *breaker) done(p phase, o symptom, now int64) (begun phase) {
	if p.state() == BreakerClosed {
		return b.count(p, o, now)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now() != p {
		return 0
	}
	b.probing--
	switch o {
	case failure:
		return b.open(now)
	case success:
		b.passed++
	case nothing:
	}
	if b.passed < b.Probes {
		return 0
	}
	b.window.clear()
	return b.enter(BreakerClosed)
}

// count adds a call of the closed phase p to the window. Only a failure can open.
func (b *breaker) count(p phase, o symptom, now int64) (begun phase) {
	if o == nothing || b.now() != p {
		return 0
	}
	b.window.add(now, o == failure)
	if o == success {
		return 0
	}
	all, failed := b.window.sum(now)
	if all < uint64(b.MinRequests) || float64(failed) < b.FailureRatio*float64(all) {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now() != p {
		return 0
	}
	return b.open(now)
}

func (b *breaker) open(now int64) phase {
	b.until = after(now, b.OpenFor)
	b.opened.Add(1)
	return b.enter(BreakerOpen)
}

func (b *breaker) report(s *PolicyStats) {
	if s.Breaker == nil {
		s.Breaker = &BreakerStats{}
	}
	s.Breaker.State = max(s.Breaker.State, b.now().state())
	s.Breaker.Opened += b.opened.Load()
	s.Breaker.Rejected += b.rejected.Load()
}
