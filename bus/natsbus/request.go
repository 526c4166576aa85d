package natsbus

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// Request asks an instance of the service in another process, and the others when that
// one cannot serve it.
func (t *transport) Request(ctx context.Context, m bus.Message) ([]byte, error) {
	if t.conn == nil {
		return nil, bus.Errorf(bus.Unavailable, "%s cannot be called: NATS is not connected yet", m.Action)
	}
	body, r, err := t.ask(ctx, m)
	if r.run == "" {
		return body, err
	}
	return t.askOthers(ctx, m, r)
}

// exchange sends the request to a subject and waits for the answer. The refusal is not
// zero when an instance answered so before its handler ran.
func (t *transport) exchange(ctx context.Context, subject string, m bus.Message) (body []byte, r refusal, err error) {
	if !t.up.Load() {
		return nil, r, unavailable(m.Action, "cannot be called: NATS is not connected", nats.ErrReconnectBufExceeded)
	}
	number, inbox, answer := t.pending.add(m.Service, subject)
	msg := &nats.Msg{
		Subject: subject,
		Reply:   inbox,
		Data:    m.Body,
		Header:  envelope{left: timeLeft(ctx), caller: m.Caller, requestID: m.RequestID, trace: m.Trace, metadata: m.Metadata, depth: m.Depth}.header(),
	}
	if err := t.send(ctx, msg, m.Action); err != nil {
		t.pending.remove(number)
		return nil, r, err
	}
	select {
	case got := <-answer:
		t.pending.answered(answer)
		return answered(got, m.Action)
	case <-ctx.Done():
	}
	t.pending.remove(number)
	err = ctx.Err()
	if !errors.Is(err, context.DeadlineExceeded) { // a deadline the other side knows
		t.giveUp(m.Service, inbox)
	}
	return nil, r, err
}

// maxSubject bounds the subject of a message: the server ends the connection of whoever
// sends a longer line than it takes, 4,096 bytes, with all the other calls on it.
const maxSubject = 1024

func tooLong(name, subject string) *bus.Error {
	return bus.Errorf(bus.InvalidArgument, "%.64s… cannot be sent over NATS: its subject takes %d bytes, and %d are allowed", name, len(subject), maxSubject)
}

// send refuses what the server would refuse: it answers an oversized message by
// closing the connection, with all the other calls on it.
func (t *transport) send(ctx context.Context, msg *nats.Msg, action string) error {
	if len(msg.Subject) > maxSubject {
		return tooLong(action, msg.Subject)
	}
	if size, limit := payload(msg), t.conn.MaxPayload(); size > limit {
		return bus.Errorf(bus.ResourceExhausted, "the request of %s takes %d bytes and the NATS server takes %d: send less, or raise its max_payload", action, size, limit)
	}
	switch err := t.transmit(ctx, msg, 0); {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, nats.ErrMaxPayload):
		return bus.Errorf(bus.ResourceExhausted, "the request of %s is larger than the NATS server takes: send less, or raise its max_payload", action)
	default:
		return unavailable(action, "cannot be called: NATS is not connected", err)
	}
}

// answered makes the result of what came back.
func answered(got reply, action string) (body []byte, r refusal, err error) {
	if refused, ok := errors.AsType[*bus.Error](got.err); ok {
		return nil, r, bus.Errorf(refused.Code, "%s cannot be called: %s", action, refused.Message)
	}
	if got.err != nil {
		lost := bus.ErrOutcomeUnknown.Errorf("%s: %v", action, got.err)
		lost.Retryable = false // it may have been served
		return nil, r, lost
	}
	msg := got.msg
	if msg.Header == nil {
		return msg.Data, r, nil
	}
	if len(msg.Data) == 0 && msg.Header.Get("Status") == "503" {
		return nil, r, bus.ErrNobody
	}
	if err := failure(msg); err != nil {
		return nil, refusal{run: msg.Header.Get(refusedHeader), err: err}, err
	}
	return msg.Data, r, nil
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
