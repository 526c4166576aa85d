package natsbus

import (
	"context"
	"errors"

	"github.com/shopanaio/orchestrator/bus"
)

// confirmed publishes, and waits until the server has answered a ping that followed:
// then it has what was published, because it reads one thing after the other. The
// answer proves nothing if the connection was made again in between, so that what was
// published went to one and the ping to the next.
func (t *transport) confirmed(ctx context.Context, p bus.Publication, publish func() error) error {
	// Nobody answers it: it learns of a loss, and that the server does not allow it.
	number, _, ended := t.pending.add("", t.eventSubject(p.Event, p.Everywhere))
	defer t.pending.remove(number)
	before := t.conn.Stats().Reconnects
	if err := publish(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	flushed := make(chan error, 1)
	go func() { // not awaited: while a connection is being made it cannot be left
		err := t.conn.FlushWithContext(ctx)
		if err == nil && t.conn.Stats().Reconnects != before {
			err = errLost
		}
		flushed <- err
	}()
	select {
	case err := <-flushed:
		if err == nil {
			t.denials.settle(ctx, t.conn)
			err = t.denied(ended)
		}
		if err == nil || ctx.Err() != nil || bus.CodeOf(err) == bus.PermissionDenied {
			return err
		}
	case r := <-ended:
		if refused, ok := errors.AsType[*bus.Error](r.err); ok {
			return refused
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	unknown := bus.ErrOutcomeUnknown.Errorf("%s was sent, and the connection to NATS was lost before the server confirmed it: it may have it", p.Event)
	unknown.Retryable = false // it may have been heard
	return unknown
}

// denied is why the server does not take what was published, if it does not.
func (t *transport) denied(ended <-chan reply) error {
	select {
	case r := <-ended:
		return r.err
	default:
		return nil
	}
}
