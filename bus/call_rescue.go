package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Code that is not the bus's own runs in many places: handlers and middleware, the
// methods that a contract's types and errors have, the functions of a policy. A panic
// there must not end the process, whosever goroutine it is on. Every such place has one
// of the deferred functions of this file.

// errGone stands for a handler that never came back.
var errGone = errors.New("the handler ended its goroutine with runtime.Goexit")

// rescue is deferred: it makes a panic the error of the one call or event.
func (e *edge) rescue(ctx context.Context, err *error) {
	if cause := recover(); cause != nil {
		*err = e.panicked(ctx, cause)
	}
}

// rescue is deferred around what serves the call. Beside a panic it knows a handler that
// ended its goroutine (runtime.Goexit): it accounts for the call then, because nobody
// else will. It does nothing after a return.
func (c *call) rescue(err *error) {
	if c.returned {
		return
	}
	if cause := recover(); cause != nil {
		*err, c.returned = c.edge.panicked(c.ctx, cause), true
		return
	}
	*err = c.end(c.edge.translate(c.ctx, errGone))
}

// panicked logs and counts a panic. Its text stays here: it may hold anything.
func (e *edge) panicked(ctx context.Context, cause any) *Error {
	e.counters.Panicked()
	e.log(ctx, slog.LevelError, "a handler panicked, or a method of a contract's type; its callers see code internal",
		slog.String("panic", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
	return e.internal()
}

// spare is deferred around code that must not decide a call or an event.
func (n *Node) spare(what, name string) {
	if cause := recover(); cause != nil {
		n.write(context.Background(), slog.LevelError, what+" panicked; the call or event goes on without it",
			slog.String("panic", fmt.Sprint(cause)), slog.String("action", name))
	}
}

// write logs a line. A logger that panics has lost it, and nothing else.
func (n *Node) write(ctx context.Context, level slog.Level, text string, attrs ...slog.Attr) {
	defer func() { _ = recover() }()
	n.logger.LogAttrs(ctx, level, text, attrs...)
}

// marshalExample writes the example of a contract.
func marshalExample(v any) (body json.RawMessage, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("it panics: %v", cause)
		}
	}()
	return json.Marshal(v)
}
