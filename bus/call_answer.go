package bus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// errGone stands for a handler that never came back.
var errGone = errors.New("the handler ended its goroutine with runtime.Goexit")

// answer is the error a caller gets for err, which is translated already if it
// comes from a handler. A result that comes after the deadline is none, whatever
// it is.
func (c *call) answer(err error, now int64) *Error {
	if err == context.Canceled && c.edge.slot.gate.Load()&shut != 0 { //nolint:errorlint // begin returns it as it is
		return c.edge.refusal(shut) // the end of the node has canceled it
	}
	if c.start >= c.deadline {
		return c.edge.fail(DeadlineExceeded, "the deadline had passed before "+c.edge.slot.name+" was called")
	}
	if now >= c.deadline {
		return c.edge.fail(DeadlineExceeded, fmt.Sprintf("no answer from %s in time: the deadline passed after %s",
			c.edge.slot.name, time.Duration(c.deadline-c.start).Round(time.Microsecond)))
	}
	if ours, ok := err.(*Error); ok { //nolint:errorlint // what it wraps is its cause, and stays here
		return ours
	}
	return c.edge.translate(c.ctx, err)
}

// translate makes one of our errors out of anything a handler may return.
func (e *edge) translate(ctx context.Context, err error) *Error {
	var wrapped *Error
	var declared *Declared
	switch {
	case errors.As(err, &wrapped) && wrapped != nil:
		return e.own(ctx, wrapped)
	case errors.As(err, &declared) && declared != nil:
		return e.own(ctx, declared.Errorf("%s", declared.reason))
	case errors.Is(err, context.DeadlineExceeded):
		return e.fail(DeadlineExceeded, "the deadline of "+e.slot.name+" passed")
	case errors.Is(err, context.Canceled):
		return e.fail(Canceled, "the call of "+e.slot.name+" was canceled")
	}
	e.log(ctx, slog.LevelError, "a handler returned an error that its contract does not declare; its callers see code internal",
		slog.Any("error", err))
	return e.internal()
}

// own is the error as it crosses: a copy, because services share no memory, that
// says who answered, if nobody below did, and leaves behind what it wraps.
func (e *edge) own(ctx context.Context, err *Error) *Error {
	err = e.sound(ctx, err)
	if err.cause != nil {
		e.log(ctx, slog.LevelDebug, "why a handler failed", slog.Any("error", err.cause))
	}
	crossing := *err
	crossing.cause, crossing.Details = nil, bytes.Clone(err.Details)
	if err.Code == OK || int(err.Code) >= NumCodes {
		crossing.Code = Internal
	}
	if crossing.Action == "" {
		crossing.Action = e.slot.name
	}
	if crossing.Service == "" {
		crossing.Service = e.slot.service
	}
	return &crossing
}

// fail makes an error of the bus itself about a call on this edge.
func (e *edge) fail(code Code, message string) *Error {
	return &Error{
		Code: code, Service: e.slot.service, Action: e.slot.name, Message: message,
		Retryable: code == Unavailable,
	}
}

func (e *edge) internal() *Error {
	return e.fail(Internal, "internal error in "+e.slot.name)
}

// panicked logs and counts a panic of the handler. Its text stays here: it may
// hold anything.
func (e *edge) panicked(ctx context.Context, cause any) *Error {
	e.counters.panicked()
	e.log(ctx, slog.LevelError, "a handler panicked; its callers see code internal",
		slog.String("panic", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
	return e.internal()
}

// log writes one line of the callee, with who asked.
func (e *edge) log(ctx context.Context, level slog.Level, text string, attrs ...slog.Attr) {
	ctx = context.WithoutCancel(ctx)
	if !e.node.logger.Enabled(ctx, level) {
		return
	}
	attrs = append(attrs,
		slog.String("service", e.slot.service),
		slog.String("action", e.slot.name),
		slog.String("caller", e.caller),
		slog.String("request_id", RequestID(ctx)))
	e.node.logger.LogAttrs(ctx, level, text, attrs...)
}
