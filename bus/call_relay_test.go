package bus

import (
	"context"
	"strings"
	"testing"
)

// wired makes two nodes with a wire between them; here serves own actions as an echo.
func wired(t *testing.T, o Options, own ...*Action[box, box]) (here, there *Node, w *wire) {
	t.Helper()
	there, _ = quietNode(t, Options{})
	w = &wire{there: there}
	o.Transport = w
	here, _ = quietNode(t, o)
	for _, a := range own {
		a.Handle(here.View(a.Service()), func(_ context.Context, req box) (box, error) { return req, nil })
	}
	if err := here.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return here, there, w
}

// An action that only another process knows is called by its name, like any other.
func TestCallJSONOfAnActionThatOnlyAnotherNodeKnows(t *testing.T) {
	here, there, w := wired(t, Options{})
	var caller CallInfo
	NewAction[box, box]("far.echo").Handle(there.View("far"), func(ctx context.Context, req box) (box, error) {
		caller = here.InFlight()[0]
		if _, limited := ctx.Deadline(); !limited {
			t.Error("the call has no deadline")
		}
		return req, nil
	})
	admin := here.View("admin")
	got, err := here.CallJSON(WithRequestID(t.Context(), "r1"), admin, "far.echo", []byte(`{"Items": ["a"]}`))
	if err != nil || !strings.Contains(string(got), `"a"`) {
		t.Errorf("%s, %v", got, err)
	}
	if caller.Action != "far.echo" || caller.Caller != "admin" || caller.RequestID != "r1" {
		t.Errorf("in flight was %+v", caller)
	}
	if got, err := here.CallJSON(t.Context(), admin, "far.echo", nil); err != nil || len(got) == 0 {
		t.Errorf("an empty body: %s, %v", got, err)
	}
	for name, want := range map[string]struct {
		action, body string
		code         Code
		says         string
	}{
		"an unknown action": {"far.dance", "", Unimplemented, "the service far has no action far.dance"},
		"no name":           {"far/echo", "", InvalidArgument, "far/echo is no name of an action"},
		"no JSON":           {"far.echo", "{", InvalidArgument, "far.echo"},
	} {
		if _, err := here.CallJSON(t.Context(), admin, want.action, []byte(want.body)); CodeOf(err) != want.code || !strings.Contains(err.Error(), want.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.there = nil
	if _, err := here.CallJSON(t.Context(), admin, "far.echo", nil); CodeOf(err) != Unavailable || !strings.Contains(err.Error(), "no service far is running in reach") {
		t.Errorf("an absent service: %v", err)
	}
	if stats := here.Stats(); len(stats) != 0 {
		t.Errorf("names that came from outside became series: %+v", stats)
	}
	if err := here.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := here.CallJSON(t.Context(), admin, "far.echo", nil); CodeOf(err) != Unavailable || !strings.Contains(err.Error(), "is stopping") {
		t.Errorf("while it drains: %v", err)
	}
}

// onSide is how many calls a node counts on one side.
func onSide(n *Node, side string) (sum uint64) {
	for _, e := range n.Stats() {
		if e.Side == side {
			sum += e.Duration.Count
		}
	}
	return sum
}

// A call between two nodes is counted by both, each on its side; the caller has the
// same name in both.
func TestCallsAreCountedOnTheirSide(t *testing.T) {
	far, near := NewAction[box, box]("far.echo"), NewAction[box, box]("near.echo")
	here, there, _ := wired(t, Options{}, near)
	far.Handle(there.View("far"), func(_ context.Context, req box) (box, error) { return req, nil })
	for range 10 {
		mustCall(t, far, here.View("till"))
		mustCall(t, near, here.View("till"))
	}
	mustCall(t, far, there.View("till"))
	for _, want := range []struct {
		node *Node
		side string
		n    uint64
	}{
		{here, SideLocal, 10}, {here, SideClient, 10}, {here, SideServer, 0},
		{there, SideLocal, 1}, {there, SideClient, 0}, {there, SideServer, 10},
	} {
		if got := onSide(want.node, want.side); got != want.n {
			t.Errorf("%d calls on the side %s, want %d", got, want.side, want.n)
		}
	}
}

// What could be served here and goes elsewhere is the caller's side of a call all the
// same.
func TestSharedCallsAreCountedOnTheirSide(t *testing.T) {
	a := NewAction[box, box]("shared.echo")
	here, there, _ := wired(t, Options{Share: true}, a)
	a.Handle(there.View("shared"), func(_ context.Context, req box) (box, error) { return req, nil })
	for range 3 {
		mustCall(t, a, here.View("till"))
	}
	if onSide(here, SideClient) != 3 || onSide(here, SideLocal) != 0 || onSide(there, SideServer) != 3 {
		t.Errorf("here %+v, there %+v", here.Stats(), there.Stats())
	}
}

func mustCall(t *testing.T, a *Action[box, box], b *Bus) {
	t.Helper()
	if _, err := a.Call(t.Context(), b, full()); err != nil {
		t.Fatal(err)
	}
}
