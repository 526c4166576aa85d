package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"sync/atomic"

	"github.com/shopanaio/orchestrator/bus/internal/baggage"
)

// audience is who hears an event in this node.
type audience[T any] struct {
	watchers

	subscribers atomic.Pointer[[]*subscription[T]]
	rules       border[T] // only its check
	problem     error     // why payloads cannot be checked; nil when they can
}

// newAudience has nobody yet.
func newAudience[T any](c *contract) *audience[T] {
	a := &audience[T]{}
	a.problem = a.rules.demand(c, "payload")
	return a
}

// mistake is what Node.Check says about the event. Who emits it gets it too, because
// that may begin long after the check.
func (a *audience[T]) mistake() error { return a.problem }

// watchers are those who watch an event, nil when there are none.
type watchers struct {
	list atomic.Pointer[[]*subscription[Notice]]
}

func (w *watchers) watched() *watchers { return w }

// post is what travels with an event.
type post struct {
	edge    *edge            // the emitter's way to the event
	id      string           // the request id, when it came with one
	number  uint64           // else the request's number in this node
	trace   string           // what the emitter's propagator wrote; "" when there is no trace
	baggage *baggage.Baggage // the metadata of the request
	depth   uint8            // how many frames and events it comes through, in this process
	remote  bool             // the emitter is in another process
}

// emission is one Emit or Broadcast in progress. It lives on the emitter's stack.
type emission struct {
	post

	ctx        context.Context
	everywhere bool
	flushed    bool
	nested     bool     // belongs to a call in flight: accepted while the node drains
	served     []string // services that need no other instance
	failed     error
}

// send hands v to all who are to get it.
func (e *Event[T]) send(ctx context.Context, from *edge, v T, everywhere bool) error {
	m := emission{post: post{edge: from}, ctx: ctx, everywhere: everywhere}
	m.flushed = e.flushed // in the literal it would cost 15 ns, because that is made elsewhere and copied then
	if err := m.begin(); err != nil {
		return err
	}
	a := from.seat.target.(*audience[T])
	if a.problem != nil {
		return from.fail(Internal, a.problem.Error())
	}
	m.trace = from.node.inject(ctx, from)
	carrier := from.node.carrierOf(from.seat.contract)
	watchers := a.list.Load()
	var body []byte
	if carrier != nil || watchers != nil || a.rules.check != nil {
		var err error
		if body, err = a.write(&m, v, carrier != nil || watchers != nil); err != nil {
			return err
		}
	}
	from.counters.Start()
	if list := a.subscribers.Load(); list != nil {
		for _, s := range *list {
			hand(&m, s, v, carrier != nil)
		}
	}
	if body != nil {
		m.spread(carrier, watchers, body)
	}
	return m.failed
}

// write looks at the rules of v, and encodes it if somebody needs that. It runs methods
// of the type.
func (a *audience[T]) write(m *emission, v T, needed bool) (body []byte, err error) {
	defer m.edge.rescue(m.ctx, &err)
	if a.rules.check != nil {
		if err := a.rules.validate(v); err != nil {
			return nil, m.edge.translate(m.ctx, err)
		}
	}
	if !needed {
		return nil, nil
	}
	if body, err = json.Marshal(v); err != nil {
		err = m.unsendable(err)
	}
	return body, err
}

// begin finds out whether the event may be emitted now, and which request it
// belongs to.
func (m *emission) begin() error {
	e := m.edge
	if gate := e.seat.gate.Load(); gate&(shut|mismatched) != 0 {
		return e.refusal(gate & (shut | mismatched))
	}
	if f, ok := m.ctx.(*frame); ok && f.edge.node == e.node && f.live() {
		m.nested = true
		m.depth = uint8(f.depth() + 1)
		m.id, m.number = f.identity()
		m.baggage = baggageOf(f.parent)
	} else if nearest := m.ctx.Value(frameKey); nearest != nil {
		from := e.node.originOf(m.ctx, nearest)
		m.nested = from.frame != nil || from.incoming || from.parting
		if m.depth = uint8(min(from.depth, maxFrames+1)); from.frame != nil {
			m.depth = uint8(from.frame.depth() + 1)
		}
		m.id = RequestID(m.ctx)
		m.baggage = baggageOf(m.ctx) // also what stands above a live frame
	}
	if m.depth > maxFrames {
		return e.tooDeep()
	}
	if m.id == "" && m.number == 0 {
		m.number = e.node.roots.asked.Add(1)
	}
	if err := m.ctx.Err(); err != nil {
		return e.fail(CodeOf(err), e.seat.name+" was not emitted: its context had ended")
	}
	if err := m.baggage.Problem(); err != nil {
		return e.fail(InvalidArgument, e.seat.name+" cannot be emitted: "+err.Error())
	}
	if !m.nested && e.node.stop.Load()&draining != 0 {
		return e.late()
	}
	return nil
}

// hand puts the event into the queue of one subscriber in this node.
func hand[T any](m *emission, s *subscription[T], v T, remember bool) {
	if s.border.active {
		var err error
		if v, err = s.border.hand(m, v); err != nil {
			m.fail(err)
			return
		}
	}
	switch s.accept(v, m.post, m.nested) {
	case refused:
		m.fail(m.edge.late())
	case absent:
		return
	case taken:
	}
	if remember {
		m.served = append(m.served, s.owner)
	}
}

// hand makes the value that a subscriber gets, with methods of its type.
func (b *border[T]) hand(m *emission, v T) (_ T, err error) {
	defer m.edge.rescue(m.ctx, &err)
	if v, err = b.cross(v); err != nil {
		err = m.unsendable(err)
	}
	return v, err
}

// spread hands the event to the watchers in this node and to other nodes.
func (m *emission) spread(carrier Carrier, watchers *[]*subscription[Notice], body []byte) {
	e := m.edge
	id := e.node.named(m.id, m.number)
	if watchers != nil {
		for _, o := range *watchers {
			note := Notice{Event: e.seat.name, Emitter: e.caller, RequestID: id, Broadcast: m.everywhere, Body: bytes.Clone(body)}
			hand(m, o, note, false)
		}
	}
	if carrier == nil {
		return
	}
	ctx, cancel := m.ctx, context.CancelFunc(func() {})
	if m.flushed {
		ctx, cancel = e.node.bounded(ctx)
	}
	defer cancel()
	m.fail(e.sent(m.ctx, carrier.Publish(ctx, Publication{
		Event: e.seat.name, Emitter: e.caller, RequestID: id, Node: e.node.instance,
		Trace: m.trace, Metadata: m.baggage.String(), Everywhere: m.everywhere, Served: m.served, Body: body,
		Flushed: m.flushed,
	})))
}

// bounded is the context of an emitter that has to wait, with the default deadline if it
// has none.
func (n *Node) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, limited := ctx.Deadline(); limited {
		return ctx, func() {}
	}
	limit := n.defaultTimeout
	if limit <= 0 {
		limit = DefaultTimeout
	}
	return context.WithTimeout(ctx, limit)
}

// sent makes the emitter's error of what the carrier said.
func (e *edge) sent(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ours, ok := err.(*Error); ok && ours != nil { //nolint:errorlint // what it wraps is its cause
		mine := *ours
		mine.Service, mine.Action = e.seat.service, e.seat.name
		return &mine
	}
	if code := CodeOf(err); code != Internal { // the end of ctx
		return e.fail(code, e.seat.name+" may not have got to other processes: its context ended before that was certain")
	}
	e.log(ctx, slog.LevelError, "an event could not be sent to other processes; its emitter sees code unavailable", slog.Any("error", err))
	return e.fail(Unavailable, e.seat.name+" could not be sent to other processes: the transport "+e.node.transport.Name()+" failed")
}

// fail keeps the first error: the emitter gets one.
func (m *emission) fail(err error) {
	if m.failed == nil {
		m.failed = err
	}
}

func (m *emission) unsendable(err error) *Error {
	return m.edge.fail(InvalidArgument, m.edge.seat.name+" cannot be sent: "+err.Error())
}

// late is the error of an event that comes after the drain began.
func (e *edge) late() *Error {
	return e.fail(Unavailable, e.seat.name+" cannot be emitted: the node is stopping and takes nothing new")
}

// emitJSON is send for an emitter that holds JSON.
func (e *Event[T]) emitJSON(ctx context.Context, from *edge, body []byte) (err error) {
	defer from.rescue(ctx, &err) // methods of the type
	var v T
	if err := strict.decode(body, &v); err != nil {
		return from.fail(InvalidArgument, "the body is no payload of "+from.seat.name+": "+err.Error())
	}
	return e.send(ctx, from, v, false)
}

// EmitJSON emits an event by its name with a JSON body, on behalf of the view
// from. It is strict: a field the type does not have is InvalidArgument. An event
// that nobody in this node subscribed to or emitted is NotFound.
func (n *Node) EmitJSON(ctx context.Context, from *Bus, event string, body []byte) error {
	n.mu.Lock()
	s := n.topics[event]
	n.mu.Unlock()
	if s == nil {
		return Errorf(NotFound, "nothing in this process subscribes to an event %s or has emitted one", event)
	}
	return s.contract.event.emitJSON(ctx, from.edge(s.contract), body)
}
