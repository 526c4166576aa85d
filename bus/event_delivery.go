package bus

import (
	"context"
	"errors"
	"log/slog"
)

// admit queues an event, waiting for room if the subscriber asked for that.
func (s *subscription[T]) admit(ctx context.Context, v T, p post, nested bool) verdict {
	waits := s.waits && !p.edge.slot.contract.event.own // the bus has other things to do
	got, room, start := s.put(v, p, nested, waits)
	if start {
		go s.work(outcome{})
	}
	if got != crowded {
		return got
	}
	return s.admitLate(ctx, v, p, nested, room)
}

// admitLate is admit once it has to wait. No wait is without an end: the queue may be
// that of a handler which waits for this emitter's.
func (s *subscription[T]) admitLate(ctx context.Context, v T, p post, nested bool, room chan struct{}) verdict {
	if s.handles(ctx) {
		s.miss(QueueFull)
		return stuck
	}
	ctx, cancel := s.node.bounded(ctx)
	defer cancel()
	for s.await(ctx, room) {
		got, again, start := s.put(v, p, nested, true)
		if start {
			go s.work(outcome{})
		}
		if got != crowded {
			return got
		}
		room = again
	}
	return gaveUp
}

// handles reports whether ctx belongs to the event that the subscriber is handling.
func (s *subscription[T]) handles(ctx context.Context) bool {
	for nearest := ctx.Value(frameKey); ; {
		switch v := nearest.(type) {
		case *frame:
			if v.place == &s.place && v.live() {
				return true
			}
			nearest = v.parent.Value(frameKey)
		case *request:
			nearest = v.Context.Value(frameKey)
		default:
			return false
		}
	}
}

// work handles what is queued, one after the other, and accounts for the one that
// was handled before.
func (s *subscription[T]) work(before outcome) {
	var it item[T]
	now := s.node.now()
	for s.next(&it, before) {
		before = s.run(&it, now)
		now += before.nanos
	}
}

// run calls the handler with one event. A handler that ends its goroutine
// (runtime.Goexit) ends this worker; another one goes on.
func (s *subscription[T]) run(it *item[T], start int64) (o outcome) {
	f := s.frame(it, start)
	ctx := context.Context(f)
	if s.node.observers != nil {
		ctx = s.node.before(f, s.info(it))
	}
	returned := false
	defer func() {
		if returned {
			return
		}
		cause := recover()
		o = s.broken(ctx, f, it, cause)
		if cause == nil {
			go s.work(o)
		}
	}()
	err := s.failure(f, it, s.handle(ctx, it.value))
	returned = true
	return s.finish(ctx, f, it, err)
}

// failure is what the node's observers are shown of an error of the handler, whose own
// methods it asks.
func (s *subscription[T]) failure(f *frame, it *item[T], err error) error {
	if err == nil {
		return nil
	}
	s.log(f, it.edge, "an event handler failed", slog.String("error", err.Error()))
	var ours *Error
	if errors.As(err, &ours) && ours != nil {
		return err
	}
	return it.edge.fail(CodeOf(err), "the handler of "+it.edge.slot.name+" in "+s.owner+" failed")
}

// broken is how a handler ended that did not return.
func (s *subscription[T]) broken(ctx context.Context, f *frame, it *item[T], cause any) outcome {
	err := it.edge.fail(Internal, "the handler of "+it.edge.slot.name+" in "+s.owner+" did not return")
	if cause == nil {
		s.log(f, it.edge, "an event handler failed", slog.Any("error", errGone))
		return s.finish(ctx, f, it, err)
	}
	s.log(f, it.edge, "an event handler panicked", crash(cause)...)
	o := s.finish(ctx, f, it, err)
	o.panicked = true
	return o
}

// finish ends the frame, and tells the node's observers.
func (s *subscription[T]) finish(ctx context.Context, f *frame, it *item[T], err error) outcome {
	if s.node.observers != nil {
		s.node.after(ctx, s.info(it), err)
	}
	return outcome{ran: true, failed: err != nil, nanos: s.ended(f)}
}

// info is what the node's observers are told.
func (s *subscription[T]) info(it *item[T]) Info {
	return Info{
		Kind: KindEvent, Action: it.edge.slot.name, Service: s.owner, Caller: it.edge.caller,
		Remote: it.remote, Incoming: it.remote,
	}
}

// ended ends the frame of an event and gives the time it took.
func (s *subscription[T]) ended(f *frame) int64 {
	f.end()
	return s.node.now() - f.start
}

// frame is the context of a handler: that of a root call which the emitter made, in
// the emitter's trace.
func (s *subscription[T]) frame(it *item[T], start int64) *frame {
	f := &frame{edge: it.edge, start: start, deadline: never, place: &s.place}
	f.parent = s.node.extract(context.Background(), it.edge.slot.name, it.trace)
	if it.id != "" || it.baggage != nil {
		f.parent = &request{Context: f.parent, id: it.id, baggage: it.baggage}
	}
	f.number.Store(it.number << depthBits)
	if s.within > 0 {
		f.deadline = after(start, s.within)
	}
	s.place.Store(f)
	return f
}

// log writes one line of the subscriber, with who emitted.
func (s *subscription[T]) log(f *frame, from *edge, text string, attrs ...slog.Attr) {
	attrs = append(attrs,
		slog.String("service", s.owner),
		slog.String("event", from.slot.name),
		slog.String("emitter", from.caller),
		slog.String("request_id", f.requestID()))
	s.node.write(context.WithoutCancel(f), slog.LevelError, text, attrs...)
}
