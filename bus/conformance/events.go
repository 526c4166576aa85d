package conformance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// news is what events of the rows tell.
type news struct {
	Number int
	Tags   []string
}

func eventRows() []row {
	return []row{
		{name: "events/emitted ones come in their order", run: eventOrder, want: "1 2 3 4 5"},
		{name: "events/a broadcast reaches every service once", run: broadcast, want: "archive 7; library 7; nothing else"},
		{name: "events/an emitted one reaches every service once", run: emitted, want: "archive 7; library 7; nothing else"},
		{name: "events/the payload is a copy", run: eventCopy, want: "fresh"},
		{name: "events/the handler is a root with the request of its emitter", run: eventRoot, want: "r-1, shop.said called by shop, nested true"},
		{name: "events/a handler that fails is counted and not told again", run: eventFailures, want: "4 delivered, 2 failed, 1 panics"},
		{name: "events/nobody listens", run: func(w *world) string {
			w.open()
			w.start()
			return fmt.Sprint(said().Emit(w.t.Context(), w.shop, news{}))
		}, want: "<nil>"},
		{name: "events/a full queue drops the newest", run: eventOverflow, want: "1 2 3; 2 dropped as queue_full"},
		{name: "events/a held service hears nothing", run: heldEvents, want: "2; 1 dropped as not_started", differs: apart, other: "2; 0 dropped as not_started"},
		{name: "events/what was accepted is handled in a drain", run: drainedEvents, want: "<nil>; 1 2; unavailable"},
		{name: "events/after the close", run: func(w *world) string {
			w.open()
			w.start()
			if err := w.caller.Close(context.Background()); err != nil {
				return err.Error()
			}
			return bus.CodeOf(said().Emit(w.t.Context(), w.shop, news{})).String()
		}, want: "unavailable"},
		{name: "events/flushed ones come in their order", run: flushed, want: "1 2 3; <nil>"},
		{name: "events/a flushed broadcast reaches every service once", run: flushedBroadcast, want: "archive 7; library 7; nothing else"},
		{name: "events/a flushed one after the close", run: flushedLate, want: "unavailable"},
		{name: "events/a watcher sees what matches", run: watched, want: `shop.said by shop {"Number":1,"Tags":null}; shop.said by shop {"Number":3,"Tags":null}`},
	}
}

// said is the event of a row; each side declares it for itself.
func said() *bus.Event[news] { return bus.NewEvent[news]("shop.said") }

// listen opens the nodes if they are not, and passes on what a service hears.
func listen(w *world, service string, opts ...bus.SubscribeOption) <-chan int {
	if w.callee == nil {
		w.open()
	}
	heard := make(chan int, 100)
	said().Subscribe(w.callee.View(service), func(_ context.Context, n news) error {
		heard <- n.Number
		return nil
	}, opts...)
	return heard
}

// say emits numbers, and ends the row when that fails.
func say(w *world, numbers ...int) {
	w.t.Helper()
	for _, n := range numbers {
		if err := said().Emit(w.t.Context(), w.shop, news{Number: n}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// waitFor waits for something that nothing tells, or ends the row.
func waitFor(w *world, what string, done func() bool) {
	w.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for limit := time.After(patience); !done(); {
		select {
		case <-tick.C:
		case <-limit:
			w.t.Fatalf("waited for %s for %s", what, patience)
		}
	}
}

// hear waits for so many numbers.
func hear(w *world, heard <-chan int, count int) string {
	w.t.Helper()
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprint(await(w, heard, "an event"))
	}
	return strings.Join(all, " ")
}

func eventOrder(w *world) string {
	heard := listen(w, "library")
	w.start()
	say(w, 1, 2, 3, 4, 5)
	return hear(w, heard, 5)
}

func broadcast(w *world) string {
	return told(w, func() error { return said().Broadcast(w.t.Context(), w.shop, news{Number: 7}) })
}

func emitted(w *world) string {
	return told(w, func() error { return said().Emit(w.t.Context(), w.shop, news{Number: 7}) })
}

// told is what two services have heard when the callee has drained.
func told(w *world, tell func() error) string {
	archive, library := listen(w, "archive"), listen(w, "library")
	w.start()
	if err := tell(); err != nil {
		return err.Error()
	}
	first := lines("archive "+hear(w, archive, 1), "library "+hear(w, library, 1))
	if err := w.drain(w.callee); err != nil {
		return err.Error()
	}
	if more := len(archive) + len(library); more > 0 {
		return fmt.Sprintf("%s; %d more", first, more)
	}
	return lines(first, "nothing else")
}

func eventCopy(w *world) string {
	w.open()
	heard := make(chan string, 1)
	begin := make(chan struct{})
	said().Subscribe(w.callee.View("library"), func(_ context.Context, n news) error {
		<-begin
		heard <- n.Tags[0]
		return nil
	})
	w.start()
	mine := news{Tags: []string{"fresh"}}
	err := said().Emit(w.t.Context(), w.shop, mine)
	mine.Tags[0] = "spoilt"
	close(begin)
	if err != nil {
		return err.Error()
	}
	return await(w, heard, "the event")
}

func eventRoot(w *world) string {
	ask := serve(w, "oracle.ask", func(ctx context.Context, _ nothing) (string, error) { return bus.RequestID(ctx), nil })
	heard := make(chan string, 1)
	said().Subscribe(w.oracle, func(ctx context.Context, _ news) error {
		root := "no root"
		for _, c := range w.callee.InFlight() {
			root = c.Action + " called by " + c.Caller
		}
		id, err := ask.Call(ctx, w.oracle, nothing{})
		heard <- fmt.Sprintf("%s, %s, nested %v", id, root, err == nil && id == bus.RequestID(ctx))
		return err
	})
	w.start()
	if err := said().Emit(bus.WithRequestID(w.t.Context(), "r-1"), w.shop, news{}); err != nil {
		return err.Error()
	}
	return await(w, heard, "the event")
}

func eventFailures(w *world) string {
	w.open()
	heard := make(chan int, 10)
	said().Subscribe(w.callee.View("library"), func(_ context.Context, n news) error {
		heard <- n.Number
		switch n.Number {
		case 1:
			return errors.New("a handler's own error")
		case 2:
			panic("a handler's panic")
		}
		return nil
	})
	w.start()
	say(w, 1, 2, 3, 4)
	hear(w, heard, 4)
	if err := w.drain(w.callee); err != nil {
		return err.Error()
	}
	s := w.callee.EventStats().Subscribers[0]
	return fmt.Sprintf("%d delivered, %d failed, %d panics", s.Delivered, s.Failed, s.Panics)
}

func eventOverflow(w *world) string {
	w.open()
	heard, release := make(chan int, 10), make(chan struct{})
	said().Subscribe(w.callee.View("library"), func(_ context.Context, n news) error {
		heard <- n.Number
		<-release
		return nil
	}, bus.QueueSize(2))
	w.start()
	say(w, 1)
	first := hear(w, heard, 1)
	say(w, 2, 3, 4, 5)
	dropped := func() uint64 { return w.callee.EventStats().Subscribers[0].Dropped[bus.QueueFull] }
	waitFor(w, "two drops", func() bool { return dropped() == 2 })
	close(release)
	return lines(first+" "+hear(w, heard, 2), fmt.Sprint(dropped(), " dropped as ", bus.QueueFull))
}

func heldEvents(w *world) string {
	heard := listen(w, "library")
	w.callee.Hold("library")
	w.start()
	say(w, 1)
	if err := w.callee.Release("library"); err != nil {
		return err.Error()
	}
	say(w, 2)
	got := hear(w, heard, 1)
	if w.caller != w.callee && got == "1" { // it was still on its way to the server
		got = hear(w, heard, 1)
	}
	return lines(got, fmt.Sprint(w.callee.EventStats().Subscribers[0].Dropped[bus.NotStarted], " dropped as ", bus.NotStarted))
}

func drainedEvents(w *world) string {
	w.open()
	heard, begun, release := make(chan int, 10), make(chan struct{}, 10), make(chan struct{})
	said().Subscribe(w.callee.View("library"), func(_ context.Context, n news) error {
		begun <- struct{}{}
		<-release
		heard <- n.Number
		return nil
	})
	w.start()
	say(w, 1, 2)
	await(w, begun, "the handler")
	waitFor(w, "both events", func() bool { return w.callee.EventStats().Subscribers[0].Queued == 2 })
	drained := make(chan error, 1)
	go func() { drained <- w.drain(w.callee) }()
	close(release)
	err := await(w, drained, "the drain")
	if w.caller != w.callee {
		if err := w.drain(w.caller); err != nil {
			return err.Error()
		}
	}
	late := said().Emit(w.t.Context(), w.shop, news{Number: 3})
	return lines(fmt.Sprint(err), hear(w, heard, 2), bus.CodeOf(late).String())
}

func watched(w *world) string {
	w.open()
	w.start()
	seen := make(chan string, 10)
	stop, err := w.oracle.SubscribeAll("shop.>", func(_ context.Context, n bus.Notice) error {
		seen <- n.Event + " by " + n.Emitter + " " + string(n.Body)
		return nil
	})
	if err != nil {
		return err.Error()
	}
	say(w, 1)
	if err := bus.NewEvent[news]("library.said").Emit(w.t.Context(), w.shop, news{Number: 2}); err != nil {
		return err.Error()
	}
	say(w, 3)
	got := lines(await(w, seen, "an event"), await(w, seen, "an event"))
	stop()
	say(w, 4)
	return got
}
