package natsbus

import (
	"context"

	"github.com/shopanaio/orchestrator/bus"
)

// confirmed publishes, and waits until the server has answered a ping that followed:
// then it has what was published, because it reads one thing after the other. The
// answer proves nothing if the connection was made again in between, so that what was
// published went to one and the ping to the next.
func (t *transport) confirmed(ctx context.Context, event string, publish func() error) error {
	number, _, lost := t.pending.add("") // nobody answers it: it tells of the loss
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
		if err == nil || ctx.Err() != nil {
			return err
		}
	case <-lost:
	case <-ctx.Done():
		return ctx.Err()
	}
	unknown := bus.ErrOutcomeUnknown.Errorf("%s was sent, and the connection to NATS was lost before the server confirmed it: it may have it", event)
	unknown.Retryable = false // it may have been heard
	return unknown
}
