package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/shopanaio/orchestrator/bus/internal/baggage"
	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// DefaultQueue is how many events wait for a subscriber unless it says otherwise.
const DefaultQueue = 1024

// SubscribeOption is something a subscriber says about how it wants to be served.
type SubscribeOption func(limit *int)

// QueueSize bounds how many events wait for the subscriber; the one it is handling
// does not count. Default: 1,024. At least 1.
func QueueSize(n int) SubscribeOption {
	return func(limit *int) { *limit = n }
}

// subscription is one subscriber in a node, or one watcher.
type subscription[T any] struct {
	queue[T]

	node     *Node
	owner    string
	name     string // of the event, or a watcher's pattern
	position string
	contract *contract // nil for a watcher
	handle   func(context.Context, T) error
	deliver  func(from *Bus, p Publication)
	border   border[T]
	place    place // holds the frame of the event being handled

	linked bool    // has an inlet, or is getting one; the node's lock is for it
	opened bool    // its service was released; the node's lock is for it
	inlets []Inlet // every one it ever had; the node's lock is for them
}

func newSubscription[T any](b *Bus, name, position string, h func(context.Context, T) error, opts []SubscribeOption) *subscription[T] {
	s := &subscription[T]{
		node: b.node, owner: b.owner, name: name, position: position, handle: h,
		queue: queue[T]{limit: DefaultQueue, shut: NotStarted},
	}
	for _, option := range opts {
		option(&s.limit)
	}
	return s
}

// Subscribe makes h the handler of e in the service of b. Each service has one
// subscription to an event; its events wait in a queue of their own and are
// handled one after the other, in the order in which they came. The context of h
// is that of a root call; it has the emitter's request id, and its trace if the node
// has a Propagator. An error or a panic of h is logged and counted, and the event is
// not tried again.
//
// What is emitted before the service has started, or after it began to stop, is
// dropped and counted. Subscribing twice, after the start, with a nil handler, or
// to types that cannot cross the bus are wiring mistakes: they are kept, and
// Node.Check returns them.
func (e *Event[T]) Subscribe(b *Bus, h func(ctx context.Context, v T) error, opts ...SubscribeOption) {
	n := b.node
	s := newSubscription(b, e.contract.name, caller(1), h, opts)
	s.contract = e.contract
	s.deliver = s.receive
	border, err := newBorder[T](e.contract, n.strict, "payload")
	n.mistake(err)
	border.check, _ = schema.Compile(e.contract.request) // what is wrong is the audience's mistake
	s.border = border
	n.mu.Lock()
	defer n.mu.Unlock()
	seat := n.seat(e.contract)
	if err := n.subscribeMistake(e.contract, s.owner, s.position, s.limit, h == nil); err != nil {
		n.mistakes = append(n.mistakes, err)
		return
	}
	if seat.gate.Load()&mismatched != 0 || err != nil {
		return // reported
	}
	a := seat.target.(*audience[T])
	list := []*subscription[T]{s}
	if old := a.subscribers.Load(); old != nil {
		list = append(slices.Clip(*old), s)
	}
	a.subscribers.Store(&list)
	n.join(s)
}

// subscribeMistake is what is wrong about a subscription, nil if nothing is. The
// lock is held.
func (n *Node) subscribeMistake(c *contract, owner, position string, limit int, noHandler bool) error {
	switch {
	case noHandler:
		return fmt.Errorf("%s: the handler of %s is nil", position, c.name)
	case limit < 1:
		return fmt.Errorf("%s: the queue of %s cannot hold %d events: at least 1 has to wait", position, c.name, limit)
	case n.started || n.stop.Load() != 0:
		err := fmt.Errorf("%s: the service %s subscribes to %s after the start: it will hear nothing, subscribe where it is constructed",
			position, owner, c.name)
		n.logger.Error("a subscription has no effect", slog.Any("error", err))
		return err
	}
	for _, l := range n.listeners {
		if l.key() == (subscriberKey{owner, c.name}) && !l.watches() {
			return fmt.Errorf("%s: the service %s has subscribed to %s already, at %s",
				position, owner, c.name, l.at())
		}
	}
	return c.exampleMistake("example")
}

// receive takes an event from another node, unless this service has been served.
func (s *subscription[T]) receive(from *Bus, p Publication) {
	if p.Everywhere && p.Node == s.node.instance || !p.Everywhere && slices.Contains(p.Served, s.owner) {
		return
	}
	e := from.edge(s.contract)
	v, err := s.payload(e, p.Body)
	if err != nil {
		s.miss(Malformed)
		s.node.write(context.Background(), slog.LevelError, "an event from another process is no payload of its contract and was dropped",
			slog.String("service", s.owner), slog.String("event", s.name), slog.String("emitter", p.Emitter),
			slog.String("request_id", p.RequestID), slog.String("error", err.Error()))
		return
	}
	s.take(v, e, p)
}

// payload is what a body says. It runs methods of the type.
func (s *subscription[T]) payload(e *edge, body []byte) (v T, err error) {
	defer e.rescue(context.Background(), &err)
	err = lenient.decode(body, &v)
	if err == nil && s.border.check != nil {
		err = s.border.validate(v)
	}
	if err != nil {
		err = errors.New(brief(err)) // whose text is asked for here
	}
	return v, err
}

// take queues an event of another node. It belongs to what was delivered before
// the drain, and its emitter does not wait.
func (s *subscription[T]) take(v T, e *edge, from Publication) {
	p := post{edge: e, id: from.RequestID, trace: from.Trace, baggage: baggage.Received(from.Metadata), remote: true}
	if p.id == "" {
		p.number = s.node.roots.asked.Add(1)
	}
	s.accept(v, p, true)
}

// miss counts an event that did not get as far as the queue.
func (q *queue[T]) miss(reason DropReason) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropped[reason]++
}
