// Package breaker is the state of a circuit breaker, on a clock that its user reads.
package breaker

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// State is a state of a circuit breaker, the better one smaller.
type State uint8

// The states.
const (
	Closed State = iota
	HalfOpen
	Open
)

// Symptom is what a call says about the callee.
type Symptom uint8

// The symptoms.
const (
	Nothing Symptom = iota
	Success
	Failure
)

// Phase is a state and how many states there were before: what a call that began
// in an earlier phase says is no longer news.
type Phase uint64

// State is the one of the phase.
func (p Phase) State() State { return State(p & 3) }

// Number is how many phases there were before.
func (p Phase) Number() uint64 { return uint64(p >> 2) }

func (p Phase) then(s State) Phase { return (p>>2+1)<<2 | Phase(s) }

// Limits are when a breaker opens and closes.
type Limits struct {
	FailureRatio float64
	MinRequests  int
	Window       time.Duration
	OpenFor      time.Duration
	Probes       int
}

// Breaker judges the calls that it lets through. A call through a closed one reads
// phase, and writes to its processor's part of the window; the lock is for the rest.
type Breaker struct {
	Limits

	phase  atomic.Uint64
	window window

	mu       sync.Mutex
	until    int64 // when an open one may be probed
	probing  int   // probes that have not ended
	passed   int   // probes that succeeded
	opened   atomic.Uint64
	rejected atomic.Uint64
}

// New is a closed one.
func New(l Limits) *Breaker {
	return &Breaker{Limits: l, window: newWindow(max(l.Window, tenths))}
}

// Phase is the present one.
func (b *Breaker) Phase() Phase { return Phase(b.phase.Load()) }

// Opened is how often it opened.
func (b *Breaker) Opened() uint64 { return b.opened.Load() }

// Rejected is how many calls it did not let through.
func (b *Breaker) Rejected() uint64 { return b.rejected.Load() }

// Allow lets a call through or does not, and says which phase it began, 0 for none.
// The phase that it returns first goes back to Done.
func (b *Breaker) Allow(now int64) (p Phase, ok bool, begun Phase) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Phase().State() == Open && now >= b.until {
		b.probing, b.passed = 0, 0
		begun = b.begin(HalfOpen)
	}
	switch p := b.Phase(); {
	case p.State() == Closed:
		return p, true, begun
	case p.State() == HalfOpen && b.probing+b.passed < b.Probes:
		b.probing++
		return p, true, begun
	}
	b.rejected.Add(1)
	return 0, false, begun
}

// begin begins the next phase. The lock is held.
func (b *Breaker) begin(s State) Phase {
	next := b.Phase().then(s)
	b.phase.Store(uint64(next))
	return next
}

// Done hears how a call ended that was let through in the phase p, and says which
// phase that began, 0 for none.
func (b *Breaker) Done(p Phase, s Symptom, now int64) (begun Phase) {
	if p.State() == Closed {
		return b.count(p, s, now)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Phase() != p {
		return 0
	}
	b.probing--
	switch s {
	case Failure:
		return b.open(now)
	case Success:
		b.passed++
	case Nothing:
	}
	if b.passed < b.Probes {
		return 0
	}
	b.window.clear()
	return b.begin(Closed)
}

// count adds a call of the closed phase p to the window. Only a failure can open.
func (b *Breaker) count(p Phase, s Symptom, now int64) (begun Phase) {
	if s == Nothing || b.Phase() != p {
		return 0
	}
	b.window.add(now, s == Failure)
	if s == Success {
		return 0
	}
	all, failed := b.window.sum(now)
	if all < uint64(b.MinRequests) || float64(failed) < b.FailureRatio*float64(all) {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Phase() != p {
		return 0
	}
	return b.open(now)
}

func (b *Breaker) open(now int64) Phase {
	b.until = now + min(int64(b.OpenFor), math.MaxInt64-now)
	b.opened.Add(1)
	return b.begin(Open)
}
