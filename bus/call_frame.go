package bus

import (
	"context"
	"math"
	"strconv"
	"sync/atomic"
	"time"
)

// frame is the context of a call that began something: a root call, or a call
// with a time limit of its own. It is the only allocation of a root call, and a
// small one (a test holds it under 96 bytes). Calls below it pass it on as it is.
//
// A frame ends when its call returns. From then on it is no sign of a call in
// flight: it is cancelled like the context of an HTTP request, and a call that is
// made with it is a root again.
type frame struct {
	parent   context.Context
	edge     *edge
	start    int64  // on the node's clock
	deadline int64  // on the node's clock, the parent's included; never when there is none
	place    *place // holds the frame until it ends
	alarm    atomic.Pointer[alarm]
	number   atomic.Uint64 // its depth and, once somebody asked for it, the request id
}

// alarm is the part of a frame that exists only if somebody asked for Done, or if
// the frame was found to be over without it.
type alarm struct {
	context.Context

	cancel context.CancelFunc // nil of those two that say only how a frame ended
}

// A frame that is over without an alarm gets one of these, so that it does not
// change its reason later.
var (
	expired  = &alarm{Context: over{context.DeadlineExceeded}}
	canceled = &alarm{Context: over{context.Canceled}}
)

// over is a context that ended for the reason err.
type over struct{ err error }

func (over) Deadline() (time.Time, bool) { return time.Time{}, false }
func (over) Done() <-chan struct{}       { return closed }
func (o over) Err() error                { return o.err }
func (over) Value(any) any               { return nil }

var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// never is the deadline of a call that has none.
const never = math.MaxInt64

// frameKey finds, by Value, the nearest frame or request above a context. A pointer
// is the key that compares fastest.
var frameKey = &struct{ _ byte }{}

var _ context.Context = (*frame)(nil)

func (f *frame) live() bool { return f.place.Load() == f }

// Deadline is the earlier of the call's and the parent's.
func (f *frame) Deadline() (time.Time, bool) {
	if f.deadline == never {
		return time.Time{}, false
	}
	return f.edge.node.base.Add(time.Duration(f.deadline)), true
}

// Done arms the timer when it is asked for the first time; most calls never ask.
func (f *frame) Done() <-chan struct{} {
	if a := f.alarm.Load(); a != nil {
		return a.Done()
	}
	if !f.live() {
		return f.settle(canceled).Done()
	}
	a := f.newAlarm()
	if !f.alarm.CompareAndSwap(nil, a) {
		a.cancel()
		return f.alarm.Load().Done()
	}
	if !f.live() { // it ended between the two looks and may not have seen the alarm
		a.cancel()
	}
	return a.Done()
}

// newAlarm makes what Done needs out of the standard library, so that contexts
// derived from a frame cost what they cost over any other context.
func (f *frame) newAlarm() *alarm {
	at, limited := f.Deadline()
	if !limited {
		ctx, cancel := context.WithCancel(f.parent)
		return &alarm{ctx, cancel}
	}
	ctx, cancel := context.WithDeadline(f.parent, at)
	return &alarm{ctx, cancel}
}

// Err agrees with Done if there is one, and asks the clock if there is none.
func (f *frame) Err() error {
	if a := f.alarm.Load(); a != nil {
		return a.Err()
	}
	if !f.live() {
		return f.settle(canceled).Err()
	}
	switch f.errAt(f.edge.node.now()) {
	case nil:
		return nil
	case context.DeadlineExceeded: //nolint:errorlint // errAt returns these two as they are
		return f.settle(expired).Err()
	default:
		return f.settle(canceled).Err()
	}
}

// errBelow is why ctx, which hangs below f, is over at the time now. A cancellation of its
// own would have asked f for Done; without one its end is that of f, which is known without
// asking the clock again.
func (f *frame) errBelow(ctx context.Context, now int64) error {
	if f.alarm.Load() != nil {
		return ctx.Err()
	}
	return f.errAt(now)
}

// settle keeps the reason why the frame is over, unless there is one already.
func (f *frame) settle(reason *alarm) *alarm {
	f.alarm.CompareAndSwap(nil, reason)
	return f.alarm.Load()
}

// errAt is why the frame is over at the time now, without asking the clock again.
func (f *frame) errAt(now int64) error {
	if now >= f.deadline {
		return context.DeadlineExceeded
	}
	if a := f.alarm.Load(); a != nil {
		return a.Err() // it knows the parents
	}
	if up, ok := f.parent.(*frame); ok && up.edge.node == f.edge.node && up.live() {
		return up.errAt(now)
	}
	return f.parent.Err()
}

// Value knows frameKey; the rest is the parent's. While a timer is armed the
// question goes through it, which lets the standard library link a derived
// context to it without a goroutine.
func (f *frame) Value(key any) any {
	if key == any(frameKey) {
		return f
	}
	if a := f.alarm.Load(); a != nil && a.cancel != nil && f.live() {
		return a.Value(key)
	}
	return f.parent.Value(key)
}

// end is called once, when the frame's call returns.
func (f *frame) end() {
	f.place.release()
	if a := f.alarm.Load(); a != nil && a.cancel != nil {
		a.cancel()
	}
}

// cut cancels a call that still runs when nobody waits for it any more.
func (f *frame) cut() {
	if a := f.settle(canceled); a.cancel != nil {
		a.cancel()
	}
}

// outlived reports whether ctx, which hangs below f and ends at the time given, goes on
// when f ends: context.WithoutCancel is above it. An own deadline that is earlier needs a
// timer, which would have asked f for Done.
func (f *frame) outlived(ctx context.Context, deadline int64) bool {
	switch {
	case deadline > f.deadline:
		return true
	case deadline == never:
		return ctx.Done() == nil
	}
	return f.alarm.Load() == nil
}

// The lowest bits of a frame's number are how deep it lies in others.
const depthBits = 8

// sink sets the depth of a new frame, and reports whether it may be as deep.
func (f *frame) sink(depth int) bool {
	f.number.Store(uint64(min(depth, maxFrames)))
	return depth <= maxFrames
}

// depth is how many frames f lies in, in this process and in others.
func (f *frame) depth() int { return int(f.number.Load() & (1<<depthBits - 1)) }

// limited is the frame of a nested call with a time limit of its own: it holds
// itself, because it is in no list.
type limited struct {
	frame

	own place
}

// requestID is the id the call came with, or one made of the node and a number.
func (f *frame) requestID() string {
	id, number := f.identity()
	return f.edge.node.named(id, number)
}

// identity is the request id before it is written out: an id, or a number of the
// node. Events carry it so, because most ids are never asked for.
func (f *frame) identity() (string, uint64) {
	if id := RequestID(f.parent); id != "" {
		return id, 0
	}
	if old := f.number.Load(); old>>depthBits == 0 {
		f.number.CompareAndSwap(old, f.edge.node.roots.asked.Add(1)<<depthBits|old)
	}
	return "", f.number.Load() >> depthBits
}

// named writes a request id out.
func (n *Node) named(id string, number uint64) string {
	if id != "" {
		return id
	}
	var room [40]byte
	text := append(append(room[:0], n.instance...), '-')
	return string(strconv.AppendUint(text, number, 10))
}
