package natsbus

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// arrival is a request that was delivered and not answered, and the context it is
// served in: it has the caller's deadline, and ends when the caller gives up. It has
// no timer, because the frame that the node makes arms one when a handler asks for it,
// and a channel only once somebody asks for that.
type arrival struct {
	envelope

	service  *served
	msg      *nats.Msg
	endpoint *endpoint
	at       time.Time // the caller's deadline; zero: none
	stage    atomic.Uint32
	older    *arrival // with the same subject for its answer; the lock of hangups guards it

	mu    sync.Mutex
	inner context.Context // nil until somebody asks for Done
	end   context.CancelFunc
	given bool // the caller has given up
}

// arrive registers the request while it is the subscription's turn, so that one that is
// given up immediately is found.
func (s *served) arrive(msg *nats.Msg, d *endpoint) *arrival {
	a := &arrival{service: s, msg: msg, endpoint: d, envelope: parseEnvelope(msg.Header)}
	if a.left > 0 {
		a.at = time.Now().Add(a.left)
	}
	s.hangups.add(a)
	return a
}

// How far a request is.
const (
	waiting uint32 = iota // for a place
	begun
	settled // answered, or about to be
)

// begin reports whether the handler may run. Nobody answers before it then, but who
// ends the process.
func (a *arrival) begin() bool { return a.stage.CompareAndSwap(waiting, begun) }

// settle is for whoever wants to answer, and says what the stage was: only the first
// may.
func (a *arrival) settle() (was uint32) { return a.stage.Swap(settled) }

// abandon answers a request that this process will not finish, because it ends.
func (a *arrival) abandon() {
	t, action := a.service.transport, a.endpoint.action
	switch a.settle() {
	case waiting:
		a.giveUp()
		t.refuse(a.msg, bus.Errorf(bus.Unavailable, "%s was not begun: the process that it was sent to stops", action))
	case begun:
		t.respond(a.msg, nil, a.cutOff())
	}
}

// cutOff is the answer to a request that was begun and not finished.
func (a *arrival) cutOff() error {
	unknown := bus.ErrOutcomeUnknown.Errorf("%s was cut off: the process that serves it stops, and it may have been done", a.endpoint.action)
	unknown.Retryable = false // it may be done still
	return unknown
}

// wasCut reports whether a handler ended so because the node has closed, and not because
// its caller gave up.
func (a *arrival) wasCut(err error) bool {
	if bus.CodeOf(err) != bus.Canceled {
		return false
	}
	a.mu.Lock()
	given := a.given
	a.mu.Unlock()
	return !given && !a.service.transport.node.Status().Started
}

// giveUp ends the context.
func (a *arrival) giveUp() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.given = true
	if a.end != nil {
		a.end()
	}
}

// Deadline is the caller's.
func (a *arrival) Deadline() (time.Time, bool) { return a.at, !a.at.IsZero() }

// Done is the channel of a context of the standard library, so that contexts derived
// from this one need no goroutine to hear of its end.
func (a *arrival) Done() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.inner == nil {
		a.inner, a.end = context.WithCancel(context.Background())
		if a.given {
			a.end()
		}
	}
	return a.inner.Done()
}

// Err agrees with both.
func (a *arrival) Err() error {
	a.mu.Lock()
	given := a.given
	a.mu.Unlock()
	switch {
	case given:
		return context.Canceled
	case !a.at.IsZero() && !time.Now().Before(a.at):
		return context.DeadlineExceeded
	}
	return nil
}

// Value knows what the standard library asks for, once there is a channel.
func (a *arrival) Value(key any) any {
	a.mu.Lock()
	inner := a.inner
	a.mu.Unlock()
	if inner == nil {
		return nil
	}
	return inner.Value(key)
}
