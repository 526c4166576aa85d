package bus

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/breaker"
	"github.com/shopanaio/orchestrator/bus/internal/bulkhead"
)

// trip is one bound call on its way through its policies.
type trip struct {
	ctx      context.Context
	edge     *edge
	memories *memories
	until    int64     // on the node's clock; never when the context says it all
	cut      int64     // when the attempt's own limit ends it; never when that is the trip's
	left     *leftover // of the last attempt
}

// pass is what an attempt was let through with.
type pass struct {
	phase  breaker.Phase
	places *bulkhead.Bulkhead // whose token it has; nil: none
}

// begin finds the time limit of all attempts together. Each would otherwise be a
// root with the whole default to itself.
func (t *trip) begin(ctx context.Context, timeout time.Duration) {
	n := t.edge.node
	t.ctx, t.until = ctx, never
	if f, ok := ctx.(*frame); !ok || f.edge.node != n || !f.live() {
		t.ctx = n.originOf(ctx, ctx.Value(frameKey)).ctx
	}
	if timeout == 0 && n.defaultTimeout > 0 {
		if _, limited := t.ctx.Deadline(); !limited {
			timeout = n.defaultTimeout
		}
	}
	if timeout > 0 {
		t.until = after(n.now(), timeout)
	}
}

// over reports whether the trip's own caller can wait no longer.
func (t *trip) over() bool {
	left, limited := t.remaining()
	return limited && left <= 0 || t.ctx.Err() != nil
}

// own is what is left of the trip's own limit.
func (t *trip) own() (left time.Duration, limited bool) {
	if t.until == never {
		return 0, false
	}
	return time.Duration(t.until - t.edge.node.now()), true
}

// remaining is what is left of the trip's limit and its context's.
func (t *trip) remaining() (left time.Duration, limited bool) {
	left, limited = t.own()
	at, ok := t.ctx.Deadline()
	if !ok {
		return left, limited
	}
	if until := time.Until(at); !limited || until < left {
		return until, true
	}
	return left, limited
}

// attemptLimit is how long the next attempt may take, when left is what is left of
// the trip's own limit; 0 leaves it to the context.
func (t *trip) attemptLimit(left time.Duration) time.Duration {
	t.cut = never
	if t.memories.retry == nil {
		return left
	}
	own := t.memories.retry.AttemptTimeout
	if own == 0 || left > 0 && left <= own {
		return left
	}
	t.cut = after(t.edge.node.now(), own)
	return own
}

// repeatable reports whether another attempt may do better than the one that ended
// with err, and does no harm to an action that may be done twice.
func (t *trip) repeatable(err *Error) bool {
	return !err.Retried && (err.Retryable || errors.Is(err, ErrOutcomeUnknown) ||
		err.Code == DeadlineExceeded && t.edge.node.now() >= t.cut)
}

// open reports whether a call would be served at all, so that a cache may answer
// in its place.
func (t *trip) open() bool {
	return t.edge.seat.gate.Load()&^unhandled == 0 && t.edge.node.stop.Load() == 0 && t.ctx.Err() == nil
}

// enter asks the breaker and then the bulkhead.
func (t *trip) enter(p *pass) error {
	b := t.memories.breaker
	if b != nil {
		if p.phase = b.Phase(); p.phase.State() != breaker.Closed { // without the clock and a lock if it is
			phase, ok, begun := b.Allow(t.edge.node.now())
			if begun != 0 {
				t.announce(begun, nil)
			}
			if !ok {
				return t.broken()
			}
			p.phase = phase
		}
	}
	if t.memories.bulkhead == nil {
		return nil
	}
	err := t.queue(t.memories.bulkhead)
	switch {
	case err == nil:
		p.places = t.memories.bulkhead.Bulkhead
	case b != nil:
		b.Done(p.phase, breaker.Nothing, 0)
	}
	return err
}

// queue takes a place in the bulkhead, and waits for one if that is allowed.
func (t *trip) queue(b *bulkheadState) error {
	if b.Take() {
		return nil
	}
	err := b.Wait(t.wait)
	if err == bulkhead.ErrFull { //nolint:errorlint // Wait returns it as it is
		return t.full(b)
	}
	return err
}

// leave is deferred: it gives back what enter took, however the attempt ended.
func (t *trip) leave(p *pass, err *error) {
	if p.places != nil {
		p.places.Give()
	}
	b := t.memories.breaker
	if b == nil {
		return
	}
	begun := b.Done(p.phase, diagnose(*err), t.edge.node.now())
	switch {
	case begun == 0:
	case begun.State() == breaker.Open:
		t.edge.log(t.ctx, slog.LevelWarn, "a circuit breaker opened: calls are answered with unavailable",
			slog.Duration("open_for", b.OpenFor), slog.Any("error", *err))
		t.announce(begun, *err)
	default:
		t.edge.log(t.ctx, slog.LevelInfo, "a circuit breaker closed: calls go through again")
		t.announce(begun, nil)
	}
}

// wait waits until ready is closed, or for as long as the trip may take.
func (t *trip) wait(ready <-chan struct{}) error {
	var late <-chan time.Time
	if left, limited := t.own(); limited {
		timer := time.NewTimer(left)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-ready:
		return nil
	case <-t.ctx.Done():
		return t.ctx.Err()
	case <-late:
		return context.DeadlineExceeded
	}
}

// broken is the answer of an open breaker.
func (t *trip) broken() *Error {
	err := ErrBreakerOpen.Errorf("%s is not called at present: too many calls failed, and its circuit breaker is open", t.edge.seat.name)
	err.Retryable = false // it is open so that nobody tries
	return t.named(err)
}

// full is the answer of a full bulkhead. Nothing was done, so a caller further up
// may try again.
func (t *trip) full(b *bulkheadState) *Error {
	err := ErrBulkheadFull.Errorf("%s is not called: %d calls are in progress and %d wait already", t.edge.seat.name, b.Concurrency, b.Queue)
	err.Retryable = true
	return t.named(err)
}

func (t *trip) named(err *Error) *Error {
	err.Service, err.Action = t.edge.seat.service, t.edge.seat.name
	return err
}

// refuse accounts for a call that a policy answers, and shows it to the observers:
// it is an outcome of the action like any other.
func (t *trip) refuse(err error) error {
	c := call{edge: t.edge}
	refusal := c.begin(t.ctx, 0)
	c.attend()
	if refusal == nil {
		refusal = err
	}
	return c.end(refusal)
}
