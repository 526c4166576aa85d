package bus

import (
	"context"
	"time"
)

// manner is what is special about a call.
type manner uint8

const (
	asBytes  manner = 1 << iota // the request was decoded for it, and the response will be encoded: nothing to copy
	incoming                    // it came over a transport and is not sent on
	watched                     // the observers know of it
)

// call is one call in progress. It lives on the caller's stack, and as each is made anew
// it is kept to one cache line.
type call struct {
	ctx      context.Context // what the handler gets
	edge     *edge
	frame    *frame    // the frame this call made, nil for a nested call
	left     *leftover // what becomes of a handler that it leaves behind; nil: nobody asks
	start    int64
	deadline int64
	near     uint16 // the processor it began on, more or less
	manner   manner
	admitted bool // served while the node drains
	sent     bool // it goes over the transport
	reached  bool // it got to the handler, or may have
	returned bool // the handler came back by itself
	over     bool // the call was accounted for
}

// route puts on the edge of what is sent to other nodes a call that could be served here
// and is not to be.
func (c *call) route() {
	e := c.edge
	if e.node.shares && e.way == asWired && e.seat.handled() && e.node.reaches() {
		c.edge = e.sending()
	}
}

// attend does what few calls need before they are served.
func (c *call) attend() {
	n := c.edge.node
	c.sent = n.shares && c.manner&incoming == 0 && n.reaches()
	if n.observers != nil {
		c.watch()
	}
}

// begin counts the call and finds out whether it may be served now.
func (c *call) begin(ctx context.Context, timeout time.Duration) error {
	n := c.edge.node
	near, due := c.edge.counters.Start()
	c.near, c.start = uint16(near), n.now()
	if due && stackedCalls() > maxNested {
		return c.refused(ctx, c.edge.tooDeep())
	}
	if f, ok := ctx.(*frame); ok && timeout == 0 && f.edge.node == n && f.live() {
		c.ctx, c.deadline = ctx, f.deadline
		if err := f.errAt(c.start); err != nil {
			return c.ended(err)
		}
	} else if err := c.attach(ctx, timeout); err != nil {
		return err
	}
	if c.start >= c.deadline {
		return context.DeadlineExceeded
	}
	if gate := c.edge.seat.gate.Load(); gate&^unhandled != 0 {
		return c.edge.refusal(gate)
	}
	return nil
}

// ended is why a call is not made whose context has ended: that the node is closed, if it
// is, because that is what ended it.
func (c *call) ended(err error) error {
	if c.edge.seat.gate.Load()&shut != 0 {
		return c.edge.refusal(shut)
	}
	return err
}

// attach is begin's way for everything but a nested call on the frame itself.
func (c *call) attach(ctx context.Context, timeout time.Duration) error {
	nearest := ctx.Value(frameKey)
	if nearest == nil {
		return c.root(ctx, timeout, 0)
	}
	n := c.edge.node
	if f, ok := nearest.(*frame); ok && f.edge.node == n && f.live() {
		return c.nest(f, ctx, timeout)
	}
	from := n.originOf(ctx, nearest)
	c.admitted = from.incoming || from.parting
	if from.incoming {
		c.manner |= incoming
	}
	if err := from.baggage.Problem(); err != nil {
		return c.refused(from.ctx, c.edge.fail(InvalidArgument, c.edge.seat.name+" cannot be called: "+err.Error()))
	}
	if from.frame == nil {
		return c.root(from.ctx, timeout, from.depth)
	}
	return c.nest(from.frame, from.ctx, timeout)
}

// refused is the end of a call that may not begin.
func (c *call) refused(ctx context.Context, why *Error) error {
	c.ctx, c.deadline = ctx, never
	return why
}

// root begins a root call: it makes the frame, with the default deadline if there
// is no other, and lists it.
func (c *call) root(ctx context.Context, timeout time.Duration, depth int) error {
	c.ctx, c.deadline = ctx, c.limit(ctx)
	n := c.edge.node
	if timeout > 0 {
		c.deadline = min(c.deadline, after(c.start, timeout))
	} else if c.deadline == never && n.defaultTimeout > 0 {
		c.deadline = after(c.start, n.defaultTimeout)
	}
	if err := ctx.Err(); err != nil {
		return c.ended(err)
	}
	f := &frame{parent: ctx, edge: c.edge, start: c.start, deadline: c.deadline}
	if depth > 0 && !f.sink(depth) {
		return c.refused(ctx, c.edge.tooDeep())
	}
	c.ctx, c.frame = f, f
	return n.admit(c)
}

// nest goes on under the live frame f. The handler gets ctx itself, unless the call has
// a limit of its own. A call whose context does not end with f is a root of its own: it
// may outlive f, and would have no deadline and be in no list.
func (c *call) nest(f *frame, ctx context.Context, timeout time.Duration) error {
	c.deadline = c.limit(ctx)
	if c.deadline != f.deadline || f.deadline == never {
		if f.outlived(ctx, c.deadline) {
			c.admitted = true // f is in the list until this one is
			return c.root(ctx, timeout, f.depth()+1)
		}
	}
	c.ctx = ctx
	if timeout > 0 {
		c.deadline = min(c.deadline, after(c.start, timeout))
		l := &limited{frame: frame{parent: ctx, edge: c.edge, start: c.start, deadline: c.deadline}}
		if !l.sink(f.depth() + 1) {
			return c.refused(ctx, c.edge.tooDeep())
		}
		l.place = &l.own
		l.own.Store(&l.frame)
		c.ctx, c.frame = &l.frame, &l.frame
	}
	if err := f.errBelow(ctx, c.start); err != nil {
		return c.ended(err)
	}
	return nil
}

// limit is the deadline of ctx on the node's clock.
func (c *call) limit(ctx context.Context) int64 {
	if at, ok := ctx.Deadline(); ok {
		return c.edge.node.reading(at, c.start)
	}
	return never
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
		failure.unsent = !c.reached
		code, err = failure.Code, failure
	}
	if c.manner&watched != 0 {
		c.unwatch(err, code, now)
	} else {
		c.settle(code, now)
	}
	return err
}

// settle counts the call, and takes its frame off the list.
func (c *call) settle(code Code, now int64) {
	c.edge.counters.Finish(uint8(code), now-c.start)
	if c.frame != nil {
		c.frame.end()
		c.edge.node.left()
	}
}
