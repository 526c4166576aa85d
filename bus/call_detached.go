package bus

import (
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/bulkhead"
)

// Detached gives every call of the action a goroutine, so that the caller comes back
// at its deadline, or when it is canceled, also if the handler does not look at its
// context. The handler is left to end by itself then: until it does it stands in
// Node.InFlight and Drain waits for it, it keeps its place in the caller's Bulkhead, what
// it calls is refused, and what it returns is dropped. It costs a goroutine and a timer for each call; a handler that looks
// at its context does not need it.
func Detached() ActionOption {
	return func(c *contract) { c.detached = true }
}

// leftover is what an attempt and the handler that it leaves behind know of each other.
type leftover struct {
	places *bulkhead.Bulkhead // whose token goes with the handler; nil: none's
	ended  chan struct{}      // closed when it has ended; nil: none was left behind
}

// runs reports whether a handler was left behind.
func (l *leftover) runs() bool { return l != nil && l.ended != nil }

// detached is a call whose handler runs on a goroutine of its own.
type detached[Req, Res any] struct {
	limited // the context of the handler, which lives until the handler ends

	handle Handler[Req, Res]
	req    Req
	res    Res
	err    error
	ended  chan struct{}
	places *bulkhead.Bulkhead // whose token a handler that was left behind gives back; nil: none's
	state  atomic.Uint32      // detachedRuns, and then one of the others
	orphan frame              // stands in the list once the caller has gone
}

const (
	detachedRuns  uint32 = iota
	detachedEnded        // before its caller went
	detachedLeft         // by its caller
)

// detach runs the handler, and returns when it does or when c's context ends.
func (t *target[Req, Res]) detach(c *call, req Req) (Res, error) {
	d := &detached[Req, Res]{handle: t.handle, req: req, ended: make(chan struct{})}
	d.parent, d.edge, d.start, d.deadline = c.ctx, c.edge, c.start, c.deadline
	if c.left != nil {
		d.places = c.left.places
	}
	if !d.sink(depthOf(c.ctx) + 1) {
		return d.res, c.edge.tooDeep()
	}
	d.place = &d.own
	d.own.Store(&d.frame)
	go d.run()
	select {
	case <-d.ended:
		return d.res, d.err
	case <-c.ctx.Done():
	}
	// The call is in the list until it has returned: there is no moment in which
	// Drain sees neither it nor the orphan.
	d.orphan.parent, d.orphan.edge, d.orphan.start, d.orphan.deadline = c.ctx, c.edge, c.start, c.deadline
	c.edge.node.roots.add(&d.orphan, int(c.near))
	if d.state.CompareAndSwap(detachedRuns, detachedLeft) {
		var none Res
		if c.left != nil {
			c.left.ended = d.ended
		}
		return none, c.ctx.Err()
	}
	d.orphan.end()
	<-d.ended
	return d.res, d.err
}

// run is the goroutine of the handler.
func (d *detached[Req, Res]) run() {
	d.err = errGone // until the handler returns
	defer d.finish()
	d.res, d.err = d.handle(&d.frame, d.req)
}

// finish is deferred: it ends the handler's context, and wakes the caller if it
// still waits, or the node if it does not.
func (d *detached[Req, Res]) finish() {
	if cause := recover(); cause != nil {
		d.err = d.edge.panicked(&d.frame, cause)
	}
	d.frame.end()
	if d.state.CompareAndSwap(detachedRuns, detachedEnded) {
		close(d.ended)
		return
	}
	n := d.edge.node
	d.edge.log(d.parent, slog.LevelWarn, "a handler came back after its caller had gone; what it returned is dropped",
		slog.Duration("after", time.Duration(n.now()-d.start)), slog.Any("error", d.err))
	if d.places != nil {
		d.places.Give()
	}
	d.orphan.end()
	close(d.ended)
	n.left()
}
