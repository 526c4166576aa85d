package bus

import (
	"cmp"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// RetryPolicy says how often and after which waits a call is tried again.
type RetryPolicy struct {
	// Attempts is how often the action is called at most, the first time included.
	// Default: 3.
	Attempts int
	// AttemptTimeout is how long one attempt may take, within the call's own deadline;
	// the handler sees it as its deadline. An attempt that it ended is tried again
	// while the call has time left. Waiting for a place in the caller's own Bulkhead
	// does not count. Default: as long as the call.
	AttemptTimeout time.Duration
	// Base bounds the wait after the first attempt; it doubles with each further one.
	// Default: 50 ms.
	Base time.Duration
	// Max bounds every wait. Default: 1 s.
	Max time.Duration
	// Random gives a number in [0, 1) for each wait: the part of its bound that is
	// waited. It must be safe for concurrent use. Default: math/rand/v2. A test gives
	// its own.
	Random func() float64
}

// Retry calls again when the error says that it is Retryable, when the outcome of
// the attempt is unknown (ErrOutcomeUnknown), and when AttemptTimeout ended the
// attempt. The wait before is random between nothing and a bound that doubles (full
// jitter), so that callers that failed together do not come back together. A wait
// that would pass the deadline is not begun: the caller gets the last error immediately.
// What this call's own Breaker or Bulkhead refuses is not tried again, and neither is an
// error from further down that a Retry there has tried as often as it may (Error.Retried):
// else the attempts of several levels would multiply.
//
// A Detached handler that an attempt left behind is waited for before the next attempt. In
// another process nobody can wait for it: a handler there that does not heed its context
// may run on beside the next attempt.
//
// Only an action that is declared Idempotent may be called so: an attempt that failed
// may have been served, and the next one is served again.
func Retry(p RetryPolicy) Policy {
	wrong := limits{policy: "Retry"}
	wrong.atLeastZero("Attempts", p.Attempts >= 0, p.Attempts)
	wrong.atLeastZero("AttemptTimeout", p.AttemptTimeout >= 0, p.AttemptTimeout)
	wrong.atLeastZero("Base", p.Base >= 0, p.Base)
	wrong.atLeastZero("Max", p.Max >= 0, p.Max)
	p.Attempts = cmp.Or(p.Attempts, 3)
	p.Base = cmp.Or(p.Base, 50*time.Millisecond)
	p.Max = cmp.Or(p.Max, time.Second)
	if p.Random == nil {
		p.Random = rand.Float64
	}
	return Policy{retry: &p, problem: wrong.problem()}
}

// retrier is a RetryPolicy at work.
type retrier struct {
	*RetryPolicy

	retries atomic.Uint64
}

// wait is how long to wait after the attempt number try: 1 is the first.
func (r *retrier) wait(try int) time.Duration {
	bound := r.Max
	if shift := min(try-1, 62); r.Base <= r.Max>>shift {
		bound = r.Base << shift
	}
	if wait := r.Random() * float64(bound); wait < float64(bound) {
		return time.Duration(wait)
	}
	return bound
}

// pause waits before the next attempt. The error is what the caller gets instead
// of one: err itself, or why the wait ended.
func (r *retrier) pause(t *trip, try int, err error) (why error) {
	defer t.edge.rescue(t.ctx, &why) // Random is not ours
	ours, ok := err.(*Error)         //nolint:errorlint // a call returns nothing else, unwrapped
	if !ok || !t.repeatable(ours) {
		return err
	}
	ours.Retried = true // the call's own copy: whoever gets it need not try what was tried here
	if try >= r.Attempts {
		return err
	}
	wait := r.wait(try)
	if left, limited := t.remaining(); limited && wait >= left {
		return err
	}
	if failed := r.sleep(t, wait); failed != nil {
		return t.edge.translate(t.ctx, failed)
	}
	r.retries.Add(1)
	return nil
}

// sleep waits, and then until the handler has ended that the attempt left behind: no two
// copies of a call run in one process at the same time.
func (r *retrier) sleep(t *trip, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
	if !t.left.runs() {
		return nil
	}
	return t.wait(t.left.ended)
}

func (r *retrier) report(s *PolicyStats) {
	if s.Retry == nil {
		s.Retry = &RetryStats{}
	}
	s.Retry.Retries += r.retries.Load()
}
