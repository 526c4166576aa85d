package bustest_test

import (
	"context"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
)

// Of two instances of which one has the action, that one is asked, as over NATS.
func TestLinkAsksWhoHasTheAction(t *testing.T) {
	var link bustest.Link
	old := bus.NewAction[string, string]("oracle.ask")
	added := bus.NewAction[string, string]("oracle.foresee")
	answer := func(_ context.Context, q string) (string, error) { return q, nil }
	start := func(actions ...*bus.Action[string, string]) *bus.Node {
		n := bus.NewNode(bus.Options{Transport: link.Transport()})
		for _, a := range actions {
			a.Handle(n.View("oracle"), answer)
		}
		if err := n.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := n.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		return n
	}
	earlier, later := start(old), start(old, added)
	if earlier.Handles(added.Name()) || !later.Handles(added.Name()) || later.Handles("oracle.nobodys") {
		t.Error("what is handled is not what has a handler")
	}
	shop := start().View("shop")
	for range 10 {
		if got, err := added.Call(t.Context(), shop, "x"); err != nil || got != "x" {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	if _, err := bus.NewAction[string, string]("oracle.nobodys").Call(t.Context(), shop, "x"); bus.CodeOf(err) != bus.Unimplemented {
		t.Errorf("an action that neither has: %v", err)
	}
}
