package bus

import (
	"context"
	"time"
)

// manner is what is special about a call.
type manner uint8

const (
	asBytes manner = 1 << iota // the request was decoded for it, and the response will be encoded: nothing to copy
	spilled                    // it goes to another instance, because it may not be served here
)

// call is one call in progress. It lives on the caller's stack.
type call struct {
	ctx      context.Context // what the handler gets
	edge     *edge
	frame    *frame // the frame this call made, nil for a nested call
	start    int64
	deadline int64
	near     int  // the processor it began on, more or less
	incoming bool // came over a transport and is not sent on
	manner   manner
	admitted bool // served while the node drains
	watched  bool // the observers know of it
	sent     bool // it goes over the transport
	returned bool // the handler came back by itself
	over     bool // the call was accounted for
}

// begin counts the call and finds out whether it may be served now.
func (c *call) begin(ctx context.Context, timeout time.Duration) error {
	n := c.edge.node
	c.near = c.edge.counters.start()
	c.start = n.now()
	if f, ok := ctx.(*frame); ok && timeout == 0 && f.edge.node == n && f.live() {
		c.ctx, c.deadline = ctx, f.deadline
		if err := f.errAt(c.start); err != nil {
			return err
		}
	} else if err := c.enter(ctx, timeout); err != nil {
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

// enter is begin's way for everything but a nested call on the frame itself.
func (c *call) enter(ctx context.Context, timeout time.Duration) error {
	if ctx.Value(frameKey) == nil {
		return c.root(ctx, timeout)
	}
	from := c.edge.node.originOf(ctx)
	c.incoming, c.admitted = from.incoming, from.incoming || from.parting
	if from.baggage != nil {
		if err := from.baggage.problem(); err != nil {
			return c.refused(from.ctx, err)
		}
	}
	if from.frame == nil {
		return c.root(from.ctx, timeout)
	}
	return c.nest(from.ctx, timeout)
}

// refused is the end of a call with too much metadata.
func (c *call) refused(ctx context.Context, why error) error {
	c.ctx, c.deadline = ctx, never
	return c.edge.fail(InvalidArgument, c.edge.slot.name+" cannot be called: "+why.Error())
}

// root begins a root call: it makes the frame, with the default deadline if there
// is no other, and lists it.
func (c *call) root(ctx context.Context, timeout time.Duration) error {
	c.ctx = ctx
	c.limit(timeout)
	n := c.edge.node
	if c.deadline == never && n.defaultTimeout > 0 {
		c.deadline = c.start + int64(n.defaultTimeout)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	f := &frame{parent: ctx, edge: c.edge, start: c.start, deadline: c.deadline}
	c.ctx, c.frame = f, f
	return n.admit(c)
}

// nest goes on under a live frame. The handler gets ctx itself, unless the call
// has a limit of its own.
func (c *call) nest(ctx context.Context, timeout time.Duration) error {
	c.ctx = ctx
	c.limit(timeout)
	if timeout > 0 {
		l := &limited{frame: frame{parent: ctx, edge: c.edge, start: c.start, deadline: c.deadline}}
		l.place = &l.own
		l.own.Store(&l.frame)
		c.ctx, c.frame = &l.frame, &l.frame
	}
	return ctx.Err()
}

// limit finds the deadline: the earlier of the context's and the policy's.
func (c *call) limit(timeout time.Duration) {
	c.deadline = never
	if at, ok := c.ctx.Deadline(); ok {
		c.deadline = c.edge.node.reading(at, c.start)
	}
	if timeout > 0 {
		c.deadline = min(c.deadline, c.start+int64(timeout))
	}
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
	*err = c.end(c.edge.translate(c.ctx, errGone))
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
	if c.watched {
		c.edge.node.after(c.ctx, c.info(), err)
	}
	c.edge.counters.finish(code, now-c.start)
	if c.frame != nil {
		c.frame.end()
		c.edge.node.left()
	}
	return err
}
