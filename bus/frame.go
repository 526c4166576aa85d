package bus

import (
	"context"
	"math"
	"strconv"
	"sync/atomic"
	"time"
)

// frame is the context of a call that began something: a root call, or a call
// with a time limit of its own. It is the only allocation of a root call, and at
// most 96 bytes (a test holds it there). Calls below it pass it on as it is.
//
// A frame ends when its call returns. From then on it is no sign of a call in
// flight: it is cancelled like the context of an HTTP request, and a call that is
// made with it is a root again.
type frame struct {
	parent   context.Context
	edge     *edge
	start    int64 // on the node's clock
	deadline int64 // on the node's clock, the parent's included; never when there is none
	request  string
	number   uint64 // the request id when request is empty
	timer    atomic.Pointer[alarm]
	place    int32 // in the list of roots; nowhere for a call that is none
	state    atomic.Uint32
}

// alarm is the part of a frame that exists only if somebody asked for Done.
type alarm struct {
	context.Context

	cancel context.CancelFunc
}

// What a frame's state says. The last two keep an answer of Err once given.
const (
	ended uint32 = 1 << iota
	expired
	canceled
)

// never is the deadline of a call that has none.
const never = math.MaxInt64

// frameKey finds, by Value, the nearest frame or request id above a context.
type frameKey struct{}

// closed is the Done of every frame that ended before anybody asked.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

var _ context.Context = (*frame)(nil)

func (f *frame) live() bool { return f.state.Load()&ended == 0 }

// Deadline is the earlier of the call's and the parent's.
func (f *frame) Deadline() (time.Time, bool) {
	if f.deadline == never {
		return time.Time{}, false
	}
	return f.edge.node.base.Add(time.Duration(f.deadline)), true
}

// Done arms the timer when it is asked for the first time; most calls never ask.
func (f *frame) Done() <-chan struct{} {
	if a := f.timer.Load(); a != nil {
		return a.Done()
	}
	if !f.live() {
		return closed
	}
	a := f.newAlarm()
	if !f.timer.CompareAndSwap(nil, a) {
		a.cancel()
		return f.timer.Load().Done()
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
	if err := f.settled(); err != nil {
		return err
	}
	if a := f.timer.Load(); a != nil {
		return a.Err()
	}
	if !f.live() {
		return context.Canceled
	}
	return f.settle(f.errAt(f.edge.node.now()))
}

// settled is the answer that Err gave before, if it did.
func (f *frame) settled() error {
	switch s := f.state.Load(); {
	case s&expired != 0:
		return context.DeadlineExceeded
	case s&canceled != 0:
		return context.Canceled
	}
	return nil
}

// settle keeps an answer of Err: a context does not change its reason.
func (f *frame) settle(err error) error {
	switch err {
	case nil:
		return nil
	case context.DeadlineExceeded:
		f.state.Or(expired)
	default:
		f.state.Or(canceled)
	}
	return err
}

// errAt is why the frame is over at the time now, without asking the clock again.
func (f *frame) errAt(now int64) error {
	if now >= f.deadline {
		return context.DeadlineExceeded
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
	if key == (frameKey{}) {
		return f
	}
	if a := f.timer.Load(); a != nil && f.live() {
		return a.Value(key)
	}
	return f.parent.Value(key)
}

// end is called once, when the frame's call returns.
func (f *frame) end() {
	f.state.Or(ended)
	if a := f.timer.Load(); a != nil {
		a.cancel()
	}
}

// requestID is the id the call came with, or one made of the node and a number.
func (f *frame) requestID() string {
	if f.request != "" {
		return f.request
	}
	return f.edge.node.instance + "-" + strconv.FormatUint(f.number, 36)
}
