package contracttest

import (
	"context"
	"encoding/json"
	"log/slog"
	"reflect"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// Event compares an event with its record in testdata, and fails the test where a
// program that was built with the recorded contract would be broken by this one: a
// subscriber that hears new emitters, or an emitter that new subscribers hear. It also
// wants the event to have an example that its own rules accept. A local event fails
// the test: it never meets another build.
func Event[T any](t testing.TB, e *bus.Event[T], options ...Option) {
	t.Helper()
	example, ok := inspectEvent(t, e)
	if !ok {
		return
	}
	wire, ok := wireOf(t, e.Name(), "the payload", fill[T](options))
	if !ok {
		return
	}
	form, err := schema.Document(reflect.TypeFor[T](), schema.Event)
	if err != nil {
		t.Errorf("%s is no contract: %v", e.Name(), err)
		return
	}
	agree(t, e.Name(), "the payload", form, accepted[T](samplesOf[T](options)))
	takes, refuses := judged[T](form, example)
	now := record{Event: e.Name(), Payload: &payload{Schema: form, Wire: wire, Example: example, Takes: takes, Refuses: refuses}}
	check(t, now, func(old record) []string {
		t.Helper()
		return compareEvent[T](t, old, now)
	})
}

// inspectEvent subscribes to the event on a bus of its own, to see whether it is a
// contract whose example passes. Nothing is started, so nobody hears the example.
func inspectEvent[T any](t testing.TB, e *bus.Event[T]) (json.RawMessage, bool) {
	t.Helper()
	node := bus.NewNode(bus.Options{Logger: slog.New(slog.DiscardHandler)})
	e.Subscribe(node.View(e.Service()), func(context.Context, T) error { return nil })
	if err := node.Check(); err != nil {
		t.Errorf("%s is no contract: %v", e.Name(), err)
		return nil, false
	}
	switch info := node.Events()[0]; {
	case info.Local:
		t.Errorf("%s is local: emitter and subscribers are always of one build, and there is nothing to compare; take it out of this test", e.Name())
		return nil, false
	case info.Example == nil:
		t.Errorf("%s has no example: give it one with Example, it shows others what the event tells", e.Name())
		return nil, false
	default:
		err := node.EmitJSON(t.Context(), node.View("contracttest"), e.Name(), info.Example)
		if bus.CodeOf(err) == bus.InvalidArgument {
			t.Errorf("the example of %s is refused: %v", e.Name(), err) // what changed is said as well
		}
		return info.Example, true
	}
}

// compareEvent lists what breaks, as compareAction does.
func compareEvent[T any](t testing.TB, old, now record) []string {
	t.Helper()
	if old.Payload == nil {
		t.Fatalf("the record of %s has no payload: write it anew, %s", now.Event, bless)
	}
	breaks := compareSchemas(t, "the payload", old.Payload.Schema, now.Payload.Schema, event)
	if len(breaks) > 0 {
		return breaks
	}
	if breaks = compareWire[T]("the payload", old.Payload.Wire); len(breaks) > 0 {
		return breaks
	}
	return compareVerdicts[T]("the payload", old.Payload, now.Payload, event)
}
