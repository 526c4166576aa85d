package bus

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// marker is a propagator of what stands in contexts under its own type.
type marker struct{ bad bool }

func (m marker) Inject(ctx context.Context) string {
	if m.bad {
		panic("inject")
	}
	text, _ := ctx.Value(m).(string)
	return text
}

func (m marker) Extract(ctx context.Context, trace string) context.Context {
	if m.bad {
		panic("extract")
	}
	if trace == "nonsense" {
		return nil
	}
	return context.WithValue(ctx, m, trace)
}

// What an observer put into the context of a call goes to the other node, where the
// observers find it.
func TestTraceGoesWithTheCall(t *testing.T) {
	p := marker{}
	var seen []any
	there, _ := quietNode(t, Options{Propagator: p, Observers: []Observer{{Before: func(ctx context.Context, _ Info) context.Context {
		seen = append(seen, ctx.Value(p))
		return ctx
	}}}})
	here, _ := quietNode(t, Options{Transport: &wire{there: there}, Propagator: p, Observers: []Observer{{
		Before: func(ctx context.Context, i Info) context.Context {
			return context.WithValue(ctx, p, "trace of "+i.Action)
		},
	}}})
	a := echo("far.echo")
	a.Handle(there.View("far"), func(ctx context.Context, req ping) (pong, error) {
		seen = append(seen, ctx.Value(p))
		return pong(req), nil
	})
	if _, err := a.Call(t.Context(), here.View("near"), ping{}); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || seen[0] != "trace of far.echo" || seen[1] != seen[0] {
		t.Errorf("seen there: %v", seen)
	}
}

func TestTraceDecidesNoCall(t *testing.T) {
	for _, p := range []Propagator{nil, marker{}, marker{bad: true}} {
		there, log := quietNode(t, Options{Propagator: p})
		here, hereLog := quietNode(t, Options{Transport: &wire{there: there}, Propagator: p})
		a := echo("far.echo")
		a.Handle(there.View("far"), func(_ context.Context, req ping) (pong, error) { return pong(req), nil })
		if res, err := a.Call(t.Context(), here.View("near"), ping{3}); err != nil || res.N != 3 {
			t.Errorf("with %v: %v, %v", p, res, err)
		}
		for _, trace := range []string{"nonsense", "sense"} {
			if _, err := there.Dispatch(t.Context(), there.View("near"), Message{Action: "far.echo", Trace: trace}); err != nil {
				t.Errorf("with %v: %v", p, err)
			}
		}
		panics := strings.Count(hereLog.String()+log.String(), "the propagator panicked")
		if want := map[bool]int{true: 3}[p == marker{bad: true}]; panics != want {
			t.Errorf("with %v: %d panics were logged, want %d", p, panics, want)
		}
	}
}

// mailbox is a transport that keeps what is published, and who wants to hear.
type mailbox struct {
	wire

	sent  []Publication
	wants []Interest
}

func (m *mailbox) Events() Carrier { return m }

func (m *mailbox) Publish(_ context.Context, p Publication) error {
	m.sent = append(m.sent, p)
	return nil
}

func (m *mailbox) Subscribe(i Interest) (Inlet, error) {
	m.wants = append(m.wants, i)
	return stub{}, nil
}

// stub is an inlet that lost nothing.
type stub struct{}

func (stub) Dropped() uint64 { return 0 }
func (stub) Stop() error     { return nil }

// hearing makes a node with a transport that keeps, whose observers and subscriber
// note the trace they see.
func hearing(t *testing.T, p Propagator, e *Event[ping]) (n *Node, box *mailbox, log *records, seen func() []string) {
	t.Helper()
	box = &mailbox{}
	var all []string
	note := func(ctx context.Context, who string) {
		text, _ := ctx.Value(marker{}).(string)
		all = append(all, who+" "+text)
	}
	n, log = quietNode(t, Options{Transport: box, Propagator: p, Observers: []Observer{{
		Before: func(ctx context.Context, _ Info) context.Context { note(ctx, "before"); return ctx },
		After:  func(ctx context.Context, _ Info, _ error) { note(ctx, "after") },
	}}})
	e.Subscribe(n.View("stock"), func(ctx context.Context, _ ping) error { note(ctx, "handler"); return nil })
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n, box, log, func() []string {
		t.Helper()
		if err := n.Drain(t.Context()); err != nil { // what was queued has been handled
			t.Error(err)
		}
		return all
	}
}

// The trace of the emitter's context is that of the handlers, in this node and in
// others, though the emitter's call may have ended.
func TestTraceGoesWithTheEvent(t *testing.T) {
	e := told("orders.created")
	for trace, want := range map[string][]string{
		"trace 7": {"before trace 7", "handler trace 7", "after trace 7"},
		"":        {"before ", "handler ", "after "},
	} {
		here, sends, _, seenHere := hearing(t, marker{}, e)
		there, takes, _, seenThere := hearing(t, marker{}, e)
		emit := context.WithValue(t.Context(), marker{}, trace)
		if err := e.Emit(emit, here.View("orders"), ping{1}); err != nil {
			t.Fatal(err)
		}
		if len(sends.sent) != 1 || sends.sent[0].Trace != trace {
			t.Errorf("published %+v", sends.sent)
		}
		p := sends.sent[0]
		p.Served = nil
		takes.wants[0].Deliver(there.View(p.Emitter), p)
		for where, seen := range map[string][]string{"here": seenHere(), "there": seenThere()} {
			if !slices.Equal(seen, want) {
				t.Errorf("%q was seen %s as %q", trace, where, seen)
			}
		}
	}
}

func TestTraceDecidesNoEvent(t *testing.T) {
	for _, p := range []Propagator{nil, marker{}, marker{bad: true}} {
		e := told("orders.created")
		n, box, log, seen := hearing(t, p, e)
		if err := e.Emit(t.Context(), n.View("orders"), ping{1}); err != nil {
			t.Errorf("with %v: %v", p, err)
		}
		for _, trace := range []string{"nonsense", "sense"} {
			box.wants[0].Deliver(n.View("orders"), Publication{Event: e.Name(), Body: []byte(`{}`), Trace: trace})
		}
		if got := seen(); len(got) != 9 {
			t.Errorf("with %v: seen %q", p, got)
		}
		panics := strings.Count(log.String(), "the propagator panicked")
		if want := map[bool]int{true: 3}[p == marker{bad: true}]; panics != want {
			t.Errorf("with %v: %d panics were logged, want %d", p, panics, want)
		}
	}
}

// A watcher sees an event in the trace of its emitter, as a subscriber does.
func TestWatchersAreInTheTrace(t *testing.T) {
	n, box, _, seen := hearing(t, marker{}, told("orders.created"))
	other := told("orders.shipped")
	stop, err := n.View("console").SubscribeAll("orders.shipped", func(context.Context, Notice) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := other.Emit(context.WithValue(t.Context(), marker{}, "here"), n.View("orders"), ping{}); err != nil {
		t.Fatal(err)
	}
	box.wants[1].Deliver(n.View("orders"), Publication{Event: other.Name(), Body: []byte(`{}`), Trace: "far"})
	if got, want := seen(), []string{"before here", "after here", "before far", "after far"}; !slices.Equal(got, want) {
		t.Errorf("seen %q, want %q", got, want)
	}
}
