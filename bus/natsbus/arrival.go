package natsbus

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// arrival is a request that was delivered and not answered, and the context it is
// served in: it has the caller's deadline, and ends when the caller gives up. It has
// no timer, because the frame that the node makes arms one when a handler asks for it,
// and a channel only once somebody asks for that.
type arrival struct {
	envelope

	service *served
	msg     *nats.Msg
	door    *door
	at      time.Time // the caller's deadline; zero: none

	mu    sync.Mutex
	inner context.Context // nil until somebody asks for Done
	end   context.CancelFunc
	given bool // the caller has given up
}

// arrive registers the request while it is the subscription's turn, so that one that is
// given up at once is found.
func (s *served) arrive(msg *nats.Msg, d *door) *arrival {
	a := &arrival{service: s, msg: msg, door: d, envelope: parseEnvelope(msg.Header)}
	if a.left > 0 {
		a.at = time.Now().Add(a.left)
	}
	s.hangups.add(a)
	return a
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
