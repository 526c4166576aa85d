package bus

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestWiringMistakesOfEvents(t *testing.T) {
	type hidden struct{ secret []int }
	ok := func(context.Context, ping) error { return nil }
	cases := []struct {
		name  string
		wire  func(n *Node)
		words []string
	}{
		{"a bad name", func(n *Node) { told("created").Subscribe(n.View("mail"), ok) }, []string{`"created" is no name of an event`}},
		{"a reserved service", func(n *Node) { told("events.created").Subscribe(n.View("mail"), ok) }, []string{"no service can be called events"}},
		{"the bus's own name", func(n *Node) { told("bus.nodeJoined").Subscribe(n.View("mail"), ok) }, []string{"no service can be called bus, which is the bus's own"}},
		{"other types", func(n *Node) {
			told("orders.created").Subscribe(n.View("mail"), ok)
			NewEvent[string]("orders.created").Subscribe(n.View("stock"), func(context.Context, string) error { return nil })
		}, []string{"orders.created is declared with different types: bus.ping at bus/event_test.go:", "string at"}},
		{"twice", func(n *Node) {
			told("orders.created").Subscribe(n.View("mail"), ok)
			told("orders.created").Subscribe(n.View("mail"), ok)
		}, []string{"the service mail has subscribed to orders.created already, at bus/event_wiring_test.go:"}},
		{"no handler", func(n *Node) { told("orders.created").Subscribe(n.View("mail"), nil) }, []string{"the handler of orders.created is nil"}},
		{"no queue", func(n *Node) { told("orders.created").Subscribe(n.View("mail"), ok, QueueSize(0)) }, []string{"cannot hold 0 events"}},
		{"a type that cannot cross", func(n *Node) {
			NewEvent[hidden]("orders.created").Subscribe(n.View("mail"), func(context.Context, hidden) error { return nil })
		}, []string{"the payload of orders.created cannot cross the bus", "secret"}},
		{"after the start", func(n *Node) {
			_ = n.Start(t.Context())
			told("orders.created").Subscribe(n.View("mail"), ok)
		}, []string{"the service mail subscribes to orders.created after the start"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n, _ := quietNode(t, Options{})
			c.wire(n)
			mistakes(t, n, c.words...)
		})
	}
}

func TestMistakenDeclarationReachesNobody(t *testing.T) {
	n, _ := quietNode(t, Options{})
	var got diary
	told("orders.created").Subscribe(n.View("mail"), got.write)
	if err := NewEvent[string]("orders.created").Emit(t.Context(), n.View("orders"), "x"); CodeOf(err) != Internal {
		t.Errorf("got %v", err)
	}
	got.want(t)
}

func TestEventsByName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		e := told("orders.created", Local()).Doc("An order was placed.").Example(ping{7})
		var got diary
		e.Subscribe(n.View("mail"), got.write)
		list := n.Events()
		if len(list) != 1 || list[0].Name != "orders.created" || list[0].Doc != "An order was placed." || !list[0].Local ||
			string(list[0].Example) != `{"N":7}` || list[0].Payload != "bus.ping" || !slices.Equal(list[0].Subscribers, []string{"mail"}) {
			t.Errorf("listed %+v", list)
		}
		if len(n.Actions()) != 0 {
			t.Error("an event is listed as an action")
		}
		console := n.View("console")
		if err := n.EmitJSON(t.Context(), console, "orders.created", []byte(`{"N":1}`)); err != nil {
			t.Error(err)
		}
		if err := n.EmitJSON(t.Context(), console, "orders.created", []byte(`{"N":2}`)); err != nil {
			t.Error(err)
		}
		if err := n.EmitJSON(t.Context(), console, "orders.created", []byte(`{"M":1}`)); CodeOf(err) != InvalidArgument {
			t.Errorf("an unknown field: %v", err)
		}
		if err := n.EmitJSON(t.Context(), console, "orders.lost", nil); CodeOf(err) != NotFound {
			t.Errorf("an unknown event: %v", err)
		}
		synctest.Wait()
		got.want(t, 1, 2)
	})
}

func TestPayloadsAreCheckedBeforeAnybodyGetsThem(t *testing.T) {
	type parcel struct {
		Weight int `json:"weight" schema:"minimum=1"`
	}
	n, _ := quietNode(t, Options{})
	e := NewEvent[parcel]("delivery.packed")
	e.Subscribe(n.View("mail"), func(_ context.Context, p parcel) error {
		if p.Weight < 1 {
			t.Errorf("got %+v", p)
		}
		return nil
	})
	if err := n.Check(); err != nil {
		t.Fatal(err)
	}
	err := e.Emit(t.Context(), n.View("delivery"), parcel{0})
	if CodeOf(err) != InvalidArgument || !strings.Contains(err.Error(), "weight") || !strings.Contains(err.Error(), "delivery.packed") {
		t.Errorf("got %v", err)
	}
	if err := e.Emit(t.Context(), n.View("delivery"), parcel{1}); err != nil {
		t.Error(err)
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if list := n.Events(); !strings.Contains(string(list[0].PayloadSchema), "minimum") {
		t.Errorf("listed %s", list[0].PayloadSchema)
	}
}

// Who only emits learns of a malformed tag: from Check if the event was used before, and
// from each Emit.
func TestEmitterLearnsOfMalformedTags(t *testing.T) {
	type parcel struct {
		Weight int `json:"weight" schema:"minimun=1"`
	}
	e := NewEvent[parcel]("orders.packed")
	n, _ := quietNode(t, Options{})
	err := e.Emit(t.Context(), n.View("orders"), parcel{})
	if CodeOf(err) != Internal || !strings.Contains(err.Error(), "event_wiring_test.go:") || !strings.Contains(err.Error(), "minimun") {
		t.Errorf("got %v", err)
	}
	if err := n.Check(); err == nil || strings.Count(err.Error(), "minimun") != 1 {
		t.Errorf("checked: %v", err)
	}
}
