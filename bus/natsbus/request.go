package natsbus

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// Request asks an instance of the service in another process.
func (t *transport) Request(ctx context.Context, m bus.Message) ([]byte, error) {
	if t.conn == nil {
		return nil, bus.Errorf(bus.Unavailable, "%s cannot be called: NATS is not connected yet", m.Action)
	}
	if !t.up.Load() {
		return nil, unavailable(m.Action, "cannot be called: NATS is not connected", nats.ErrReconnectBufExceeded)
	}
	number, inbox, answer := t.pending.add()
	msg := &nats.Msg{
		Subject: t.config.Namespace + "." + m.Action,
		Reply:   inbox,
		Data:    m.Body,
		Header:  envelope{left: timeLeft(ctx), caller: m.Caller, requestID: m.RequestID, trace: m.Trace, metadata: m.Metadata, depth: m.Depth}.header(),
	}
	if err := t.send(msg, m.Action); err != nil {
		t.pending.remove(number)
		return nil, err
	}
	select {
	case r := <-answer:
		t.pending.answered(answer)
		return t.answered(r, m.Action)
	case <-ctx.Done():
	}
	t.pending.remove(number)
	err := ctx.Err()
	if !errors.Is(err, context.DeadlineExceeded) { // a deadline the other side knows
		t.giveUp(m.Service, inbox)
	}
	return nil, err
}

// send refuses what the server would refuse: it answers an oversized message by
// closing the connection, with all the other calls on it.
func (t *transport) send(msg *nats.Msg, action string) error {
	if size, limit := payload(msg), t.conn.MaxPayload(); size > limit {
		return bus.Errorf(bus.ResourceExhausted, "the request of %s takes %d bytes and the NATS server takes %d: send less, or raise its max_payload", action, size, limit)
	}
	switch err := t.conn.PublishMsg(msg); {
	case err == nil:
		return nil
	case errors.Is(err, nats.ErrMaxPayload):
		return bus.Errorf(bus.ResourceExhausted, "the request of %s is larger than the NATS server takes: send less, or raise its max_payload", action)
	default:
		return unavailable(action, "cannot be called: NATS is not connected", err)
	}
}

// answered makes the result of what came back.
func (t *transport) answered(r reply, action string) ([]byte, error) {
	if r.err != nil {
		lost := bus.ErrOutcomeUnknown.Errorf("%s: %v", action, r.err)
		lost.Retryable = false // it may have been served
		return nil, lost
	}
	if r.msg.Header == nil {
		return r.msg.Data, nil
	}
	if len(r.msg.Data) == 0 && r.msg.Header.Get("Status") == "503" {
		return nil, bus.ErrNobody
	}
	if err := failure(r.msg); err != nil {
		return nil, err
	}
	return r.msg.Data, nil
}

// unavailable says what could not be done. That nothing is buffered while
// disconnected shows as an error about a buffer, which would lead a reader astray.
func unavailable(action, what string, err error) *bus.Error {
	if errors.Is(err, nats.ErrReconnectBufExceeded) {
		return bus.Errorf(bus.Unavailable, "%s %s", action, what)
	}
	return bus.Errorf(bus.Unavailable, "%s %s (%s)", action, what, err)
}

// timeLeft is what remains until ctx's deadline, 0 when it has none.
func timeLeft(ctx context.Context) time.Duration {
	at, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return max(time.Until(at), time.Microsecond)
}
