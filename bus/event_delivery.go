package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// accept queues an event, and starts the worker if there is none.
func (s *subscription[T]) accept(v T, p post, nested bool) verdict {
	got, start := s.put(v, p, nested)
	if start {
		go s.work(outcome{})
	}
	return got
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
	if s.node.observers != nil {
		ctx = s.node.before(f, s.info(it))
	}
	err := s.failure(f, it, s.handle(ctx, it.value))
	returned = true
	return s.finish(ctx, f, it, err, false)
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
	return it.edge.fail(CodeOf(err), "the handler of "+it.edge.seat.name+" in "+s.owner+" failed")
}

// broken is how a handler ended that did not return.
func (s *subscription[T]) broken(ctx context.Context, f *frame, it *item[T], cause any) outcome {
	err := it.edge.fail(Internal, "the handler of "+it.edge.seat.name+" in "+s.owner+" did not return")
	if cause == nil {
		s.log(f, it.edge, "an event handler failed", slog.Any("error", errGone))
		return s.finish(ctx, f, it, err, false)
	}
	s.log(f, it.edge, "an event handler panicked",
		slog.String("panic", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
	return s.finish(ctx, f, it, err, true)
}

// finish shows the node's observers how the handler ended, and ends the frame.
func (s *subscription[T]) finish(ctx context.Context, f *frame, it *item[T], err error, panicked bool) outcome {
	o := outcome{ran: true, failed: err != nil, panicked: panicked}
	if s.node.observers != nil {
		s.unwatch(ctx, f, it, err, o)
	}
	o.nanos = s.ended(f)
	return o
}

// unwatch shows the node's observers how the handler ended. One that ends the worker's
// goroutine ends nothing else: another worker goes on.
func (s *subscription[T]) unwatch(ctx context.Context, f *frame, it *item[T], err error, o outcome) {
	gone := true // unless they return
	defer func() {
		if gone {
			o.nanos = s.ended(f)
			go s.work(o)
		}
	}()
	s.node.after(ctx, s.info(it), err)
	gone = false
}

// info is what the node's observers get.
func (s *subscription[T]) info(it *item[T]) Info {
	return Info{
		Kind: KindEvent, Action: it.edge.seat.name, Service: s.owner, Caller: it.edge.caller,
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
	f.parent = s.node.extract(context.Background(), it.edge.seat.name, it.trace)
	if it.id != "" || it.baggage != nil {
		f.parent = &request{Context: f.parent, id: it.id, baggage: it.baggage}
	}
	f.number.Store(it.number<<depthBits | uint64(it.depth))
	if limit := s.node.defaultTimeout; limit > 0 {
		f.deadline = after(start, limit)
	}
	s.place.Store(f)
	return f
}

// log writes one line of the subscriber, with who emitted.
func (s *subscription[T]) log(f *frame, from *edge, text string, attrs ...slog.Attr) {
	attrs = append(attrs,
		slog.String("service", s.owner),
		slog.String("event", from.seat.name),
		slog.String("emitter", from.caller),
		slog.String("request_id", f.requestID()))
	s.node.write(context.WithoutCancel(f), slog.LevelError, text, attrs...)
}
