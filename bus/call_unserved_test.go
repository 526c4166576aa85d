package bus

import (
	"context"
	"testing"
)

// An action that its service does not have is answered with the one that was meant, and a
// service that runs without a handler is not said to be nowhere.
func TestUnknownActionIsAnsweredWithTheNearest(t *testing.T) {
	n, _ := quietNode(t, Options{})
	serve(t, n, "pricing.evaluateDiscounts", "pricing.list")
	n.Hold("reviews")
	if err := n.Release("reviews"); err != nil {
		t.Fatal(err)
	}
	for action, want := range map[string]string{
		"pricing.evaluateDiscount": "the service pricing has no action pricing.evaluateDiscount; did you mean evaluateDiscounts?",
		"pricing.List":             "the service pricing has no action pricing.List; did you mean list?",
		"pricing.refund":           "the service pricing has no action pricing.refund",
		"reviews.list":             "the service reviews has no action reviews.list",
		"nosuch.list":              "nosuch.list cannot be called: no service nosuch is running in reach",
	} {
		_, err := n.CallJSON(t.Context(), n.View("admin"), action, nil)
		if err == nil || err.Error() != want+" ("+CodeOf(err).String()+")" {
			t.Errorf("%s: got %v, want %s", action, err, want)
		}
	}
}

func serve(t *testing.T, n *Node, names ...string) {
	t.Helper()
	for _, name := range names {
		a := echo(name)
		a.Handle(n.View(a.Service()), func(_ context.Context, req ping) (pong, error) { return pong(req), nil })
	}
}
