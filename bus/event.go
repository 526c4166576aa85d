package bus

import (
	"context"
	"reflect"
)

// Event is something that a service tells whoever wants to know, with the type of
// what it tells. A contract declares each as a package-level variable; who emits
// and who subscribes use that one value.
type Event[T any] struct {
	contract *contract
	flushed  bool
}

// eventContract is what a contract has if it is an event's.
type eventContract struct {
	local    bool
	own      bool       // the bus's own
	audience func() any // makes an empty *audience[T]
	// emitJSON is the typed emit with its codec, for emitters that hold bytes.
	emitJSON func(ctx context.Context, e *edge, body []byte) error
}

// EventOption is something a contract says about an event.
type EventOption func(*eventContract)

// Local says that an event is about its process only: it never leaves it.
func Local() EventOption {
	return func(e *eventContract) { e.local = true }
}

// NewEvent declares the event called name, "service.event", of at most 128 letters, where the event is
// best named after what has happened: "orders.created". Two values of one name are
// the same event if their types are equal; if they are not, or if the name is
// malformed, Node.Check says so. An event and an action may have the same name.
func NewEvent[T any](name string, opts ...EventOption) *Event[T] {
	c := newContract(name, 1)
	e := &Event[T]{contract: c}
	c.request = reflect.TypeFor[T]()
	c.event = &eventContract{
		audience: func() any { return newAudience[T](c) },
		emitJSON: e.emitJSON,
	}
	for _, option := range opts {
		option(c.event)
	}
	return e
}

// Name is the event's full name: "orders.created".
func (e *Event[T]) Name() string { return e.contract.name }

// Service is the service that the event is about: "orders".
func (e *Event[T]) Service() string { return e.contract.service }

// Doc sets the one line that lists of events show, and returns e.
func (e *Event[T]) Doc(text string) *Event[T] {
	e.contract.doc = text
	return e
}

// Example sets a payload that lists of events show, and returns e.
func (e *Event[T]) Example(v T) *Event[T] {
	e.contract.example = v
	return e
}

// Flushed returns the same event such that Emit and Broadcast return only when the
// transport's server has confirmed that it has what was sent. No error says so, and
// no more: who gets it from there, and whether it is handled, is as with any event.
// Subscribers in this process do not wait for it. When the connection is lost before
// the server has confirmed, the error is ErrOutcomeUnknown, and when ctx ends before,
// Canceled or DeadlineExceeded: the server may have the event then. Without a deadline
// in ctx the wait is bounded by the node's default, 10 s.
//
// A confirmation costs a round trip to the server; events that are emitted at the same
// time wait for theirs together. Over memory there is nothing to wait for. Keep the
// value, like a bound action.
func (e *Event[T]) Flushed() *Event[T] {
	bound := *e
	bound.flushed = true
	return &bound
}

// Emit tells one instance of every service that subscribes: the one in this
// process if there is one, else any. It puts the event into the subscribers'
// queues and does not wait until it is handled; what becomes of it there is none
// of the emitter's business and no error.
//
// The error is an *Error. It says that not every subscriber could be reached, and
// leaves open whether some were: Unavailable, when the node stops, or when other
// processes cannot be reached (subscribers in this one get the event all the same);
// InvalidArgument for a value that cannot be sent or breaks the rules in the tags of
// its type; ResourceExhausted for one that
// is too large for the transport; Canceled or DeadlineExceeded for an ended ctx.
func (e *Event[T]) Emit(ctx context.Context, b *Bus, v T) error {
	return e.send(ctx, b.edge(e.contract), v, false)
}

// Broadcast tells every instance of every service that subscribes, each once. All
// else is as with Emit.
func (e *Event[T]) Broadcast(ctx context.Context, b *Bus, v T) error {
	return e.send(ctx, b.edge(e.contract), v, true)
}
