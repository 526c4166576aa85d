package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// errGone stands for a handler that never came back.
var errGone = errors.New("the handler ended its goroutine with runtime.Goexit")

// answer is the error a caller gets for err, which a handler returned or the bus
// found before it called one. A result that comes after the deadline is none,
// whatever it is.
func (c *call) answer(err error, now int64) *Error {
	if c.start >= c.deadline {
		return c.edge.fail(DeadlineExceeded, "the deadline had passed before "+c.edge.slot.name+" was called")
	}
	if now >= c.deadline {
		c.edge.note(c.ctx, err, "the call failed after its deadline")
		return c.edge.fail(DeadlineExceeded, fmt.Sprintf("no answer from %s in time: the deadline passed after %s",
			c.edge.slot.name, time.Duration(now-c.start).Round(time.Microsecond)))
	}
	return c.edge.translate(c.ctx, err)
}

// translate makes one of our errors out of anything a handler may return.
func (e *edge) translate(ctx context.Context, err error) *Error {
	if direct, ok := err.(*Error); ok && direct != nil {
		return e.own(direct)
	}
	var wrapped *Error
	var declared *Declared
	switch {
	case errors.As(err, &wrapped):
		return e.own(wrapped)
	case errors.As(err, &declared):
		return e.own(declared.Errorf("%s", declared.reason))
	case errors.Is(err, context.DeadlineExceeded):
		return e.fail(DeadlineExceeded, "the deadline of "+e.slot.name+" passed")
	case errors.Is(err, context.Canceled):
		return e.fail(Canceled, "the call of "+e.slot.name+" was canceled")
	}
	e.note(ctx, err, "a handler returned an error that its contract does not declare; its callers see code internal")
	return e.internal()
}

// own fills in who answered, and leaves behind what the error wraps. An error that
// already came from an action passes as it is.
func (e *edge) own(err *Error) *Error {
	valid := err.Code != OK && int(err.Code) < NumCodes
	if valid && err.Action != "" && err.cause == nil {
		return err
	}
	mine := *err
	if !valid {
		mine.Code = Internal
	}
	mine.cause = nil
	if mine.Action == "" {
		mine.Action = e.slot.name
	}
	if mine.Service == "" {
		mine.Service = e.slot.service
	}
	return &mine
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
	e.log(ctx, "a handler panicked; its callers see code internal",
		slog.Any("panic", cause), slog.String("stack", string(debug.Stack())))
	return e.internal()
}

// note logs what a caller will not see of err: everything, unless err is one of
// our errors or the end of a context.
func (e *edge) note(ctx context.Context, err error, text string) {
	var known *Error
	if err == nil || errors.As(err, &known) || CodeOf(err) != Internal {
		return
	}
	e.log(ctx, text, slog.Any("error", err))
}

func (e *edge) log(ctx context.Context, text string, attrs ...slog.Attr) {
	attrs = append([]slog.Attr{
		slog.String("service", e.slot.service),
		slog.String("action", e.slot.name),
		slog.String("caller", e.caller),
		slog.String("request_id", RequestID(ctx)),
	}, attrs...)
	e.node.logger.LogAttrs(context.WithoutCancel(ctx), slog.LevelError, text, attrs...)
}
