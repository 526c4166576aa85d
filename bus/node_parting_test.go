package bus

import (
	"context"
	"testing"
)

// What a service still says when it stops is served after Drain, and only that.
func TestWhileDrainingIsServedUntilClose(t *testing.T) {
	n := NewNode(Options{})
	echo := NewAction[string, string]("parting.echo")
	echo.Handle(n.View("parting"), func(_ context.Context, s string) (string, error) { return s, nil })
	ctx := t.Context()
	if err := n.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	caller := n.View("other")
	if _, err := echo.Call(ctx, caller, "a"); CodeOf(err) != Unavailable {
		t.Errorf("an ordinary call: %v, want unavailable", err)
	}
	last := WhileDraining(ctx)
	if got, err := echo.Call(last, caller, "b"); err != nil || got != "b" {
		t.Errorf("a parting call: %q, %v", got, err)
	}
	if got, err := echo.Call(WithRequestID(last, "r1"), caller, "c"); err != nil || got != "c" {
		t.Errorf("a parting call below another value: %q, %v", got, err)
	}
	if err := n.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := echo.Call(last, caller, "d"); CodeOf(err) != Unavailable {
		t.Errorf("a parting call after Close: %v, want unavailable", err)
	}
}
