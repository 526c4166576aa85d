package bus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// answer is the error a caller gets for err, which is translated already if it
// comes from a handler. A result that comes after the deadline is none, whatever
// it is.
func (c *call) answer(err error, now int64) *Error {
	if c.start >= c.deadline {
		return c.edge.fail(DeadlineExceeded, "the deadline had passed before "+c.edge.seat.name+" was called")
	}
	if now >= c.deadline {
		return c.edge.fail(DeadlineExceeded, fmt.Sprintf("no answer from %s in time: the deadline passed after %s",
			c.edge.seat.name, time.Duration(c.deadline-c.start).Round(time.Microsecond)))
	}
	if ours, ok := err.(*Error); ok { //nolint:errorlint // what it wraps is its cause, and stays here
		return ours
	}
	return c.edge.translate(c.ctx, err)
}

// translate makes one of our errors out of anything a handler may return, whose own
// methods it asks.
func (e *edge) translate(ctx context.Context, err error) (ours *Error) {
	defer func() {
		if cause := recover(); cause != nil {
			ours = e.panicked(ctx, cause)
		}
	}()
	var wrapped *Error
	var declared *Declared
	switch {
	case errors.As(err, &wrapped) && wrapped != nil:
		return e.own(ctx, wrapped)
	case errors.As(err, &declared) && declared != nil:
		return e.own(ctx, declared.Errorf("%s", declared.reason))
	case errors.Is(err, context.DeadlineExceeded):
		return e.fail(DeadlineExceeded, "the deadline of "+e.seat.name+" passed")
	case errors.Is(err, context.Canceled):
		return e.fail(Canceled, "the call of "+e.seat.name+" was canceled")
	}
	e.log(ctx, slog.LevelError, "a handler returned an error that its contract does not declare; its callers see code internal",
		slog.Any("error", err))
	return e.internal()
}

// own is the error as it crosses: a copy, because services share no memory, that
// says who answered, if nobody below did, and leaves behind what it wraps.
func (e *edge) own(ctx context.Context, err *Error) *Error {
	if err.cause != nil {
		e.log(ctx, slog.LevelDebug, "why a handler failed", slog.Any("error", err.cause))
	}
	crossing := err.clone()
	crossing.cause = nil
	if len(err.Details) > 0 && !json.Valid(err.Details) { // nothing could carry them; code and reason are worth more
		e.log(ctx, slog.LevelError, "the details of an error are no JSON, and were left out of it", slog.Any("error", err))
		crossing.Details = nil
	}
	if err.Code == OK || int(err.Code) >= NumCodes {
		crossing.Code = Internal
	}
	if crossing.Reason == ErrTooDeep.reason {
		crossing.calledBy(e.seat.name)
	}
	crossing.Action, crossing.Service = cmp.Or(crossing.Action, e.seat.name), cmp.Or(crossing.Service, e.seat.service)
	return crossing
}

// fail makes an error of the bus itself about a call on this edge.
func (e *edge) fail(code Code, message string) *Error {
	return &Error{
		Code: code, Service: e.seat.service, Action: e.seat.name, Message: message,
		Retryable: code == Unavailable,
	}
}

func (e *edge) internal() *Error {
	return e.fail(Internal, "internal error in "+e.seat.name)
}

// log writes one line of the callee, with who asked.
func (e *edge) log(ctx context.Context, level slog.Level, text string, attrs ...slog.Attr) {
	ctx = context.WithoutCancel(ctx)
	if !e.node.logger.Enabled(ctx, level) {
		return
	}
	attrs = append(attrs,
		slog.String("service", e.seat.service),
		slog.String("action", e.seat.name),
		slog.String("caller", e.caller),
		slog.String("request_id", RequestID(ctx)))
	e.node.write(ctx, level, text, attrs...)
}
