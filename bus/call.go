package bus

import (
	"context"
	"time"
)

// call is one call in progress. It lives on the caller's stack.
type call struct {
	ctx      context.Context // what the handler gets
	edge     *edge
	frame    *frame // the frame this call made, nil for a nested call
	start    int64
	deadline int64
	incoming bool // came over a transport and is not sent on
	returned bool // the handler came back by itself
	over     bool // the call was accounted for
}

// begin counts the call and finds out whether it may be served now.
func (c *call) begin(ctx context.Context, timeout time.Duration) error {
	n := c.edge.node
	c.edge.counters.start()
	c.start = n.now()
	if f, ok := ctx.(*frame); ok && timeout == 0 && f.edge.node == n && f.live() {
		c.ctx, c.deadline = ctx, f.deadline
		if err := f.errAt(c.start); err != nil {
			return err
		}
	} else if err := c.enter(n.originOf(ctx), timeout); err != nil {
		return err
	}
	if c.start >= c.deadline {
		return context.DeadlineExceeded
	}
	if gate := c.edge.slot.gate.Load(); gate&^unhandled != 0 {
		return c.edge.refusal(gate)
	}
	return nil
}

// enter is begin's way for everything but a nested call on the frame itself: it
// makes a frame for a root and for a call with a time limit of its own.
func (c *call) enter(from origin, timeout time.Duration) error {
	n := c.edge.node
	c.ctx, c.deadline, c.incoming = from.ctx, never, from.incoming
	if at, ok := from.ctx.Deadline(); ok {
		c.deadline = int64(at.Sub(n.base))
	}
	if err := from.ctx.Err(); err != nil {
		return err
	}
	switch {
	case timeout > 0:
		c.deadline = min(c.deadline, c.start+int64(timeout))
	case from.frame == nil && c.deadline == never && n.defaultTimeout > 0:
		c.deadline = c.start + int64(n.defaultTimeout)
	}
	if from.frame != nil && timeout == 0 {
		return nil
	}
	f := &frame{parent: from.ctx, edge: c.edge, start: c.start, deadline: c.deadline, place: nowhere}
	c.ctx, c.frame = f, f
	if from.frame != nil {
		f.request = from.frame.requestID()
		return nil
	}
	f.request = from.id
	return n.admit(f, from.incoming || from.parting)
}

// guard is deferred around the handler. It does nothing after a return; it turns
// a panic into an error; and when the handler ended its goroutine
// (runtime.Goexit) it accounts for the call, because nobody else will.
func (c *call) guard(err *error) {
	if c.returned {
		return
	}
	if cause := recover(); cause != nil {
		*err = c.edge.panicked(c.ctx, cause)
		return
	}
	*err = c.end(errGone)
}

// end accounts for the call and gives the error that the caller gets.
func (c *call) end(err error) error {
	if c.over {
		return err
	}
	c.over = true
	code := OK
	now := c.edge.node.now()
	if err != nil || now >= c.deadline {
		failure := c.answer(err, now)
		code, err = failure.Code, failure
	}
	c.edge.counters.finish(code, now-c.start)
	if c.frame != nil {
		c.frame.end()
		c.edge.node.leave(c.frame)
	}
	return err
}
