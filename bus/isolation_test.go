package bus

import (
	"context"
	"math"
	"slices"
	"testing"
)

type box struct {
	Items []string
	Notes map[string]string
	Next  *box
}

func full() box {
	return box{Items: []string{"a", "b"}, Notes: map[string]string{"k": "v"}, Next: &box{Items: []string{"c"}}}
}

// spoil changes everything that b refers to.
func spoil(b box) {
	b.Items[0], b.Notes["k"], b.Next.Items[0] = "spoilt", "spoilt", "spoilt"
}

func spoilt(b box) bool {
	return b.Items[0] == "spoilt" || b.Notes["k"] == "spoilt" || b.Next.Items[0] == "spoilt"
}

// Proves: B4
func TestServicesShareNoMemory(t *testing.T) {
	for _, strict := range []bool{false, true} {
		n, _ := quietNode(t, Options{Strict: strict})
		a := NewAction[box, box]("alpha.keep")
		held := full()
		var received box
		a.Handle(n.View("alpha"), func(_ context.Context, req box) (box, error) {
			received = req
			spoil(req)
			return held, nil
		})
		mine := full()
		res, err := a.Call(t.Context(), n.View("beta"), mine)
		if err != nil {
			t.Fatal(err)
		}
		if spoilt(mine) {
			t.Errorf("strict %v: the handler changed the caller's request", strict)
		}
		spoil(res)
		if spoilt(held) {
			t.Errorf("strict %v: the caller changed what the handler holds", strict)
		}
		if received.Next == mine.Next || !slices.Equal(res.Next.Items, []string{"spoilt"}) {
			t.Errorf("strict %v: not a deep copy", strict)
		}
	}
}

// Without the copy a mutation leaks; Shared is the promise not to make one.
func TestSharedHandsOverTheSameMemory(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a := NewAction[box, box]("alpha.shared", Shared())
	a.Handle(n.View("alpha"), func(_ context.Context, req box) (box, error) {
		spoil(req)
		return req, nil
	})
	mine := full()
	res, err := a.Call(t.Context(), n.View("beta"), mine)
	if err != nil || !spoilt(mine) || res.Next != mine.Next {
		t.Errorf("got %v, %v; want the same memory", res, err)
	}
}

type ratio struct{ Of float64 }

func TestStrictRefusesWhatTheWireWould(t *testing.T) {
	loop := &box{}
	loop.Next = loop
	self, lost := NewAction[box, pong]("alpha.loop"), NewAction[ping, ratio]("alpha.ratio")
	for _, strict := range []bool{false, true} {
		n, _ := quietNode(t, Options{Strict: strict})
		self.Handle(n.View("alpha"), func(context.Context, box) (pong, error) { return pong{}, nil })
		lost.Handle(n.View("alpha"), func(context.Context, ping) (ratio, error) { return ratio{math.NaN()}, nil })
		if _, err := self.Call(t.Context(), n.View("beta"), *loop); CodeOf(err) != InvalidArgument {
			t.Errorf("strict %v: a request without end: %v", strict, err)
		}
		if _, err := lost.Call(t.Context(), n.View("beta"), ping{}); (CodeOf(err) == Internal) != strict {
			t.Errorf("strict %v: a response that is no JSON: %v", strict, err)
		}
	}
}
