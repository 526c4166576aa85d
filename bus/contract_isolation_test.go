package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
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

// parcel has one of each kind of reference that a request may hold.
type parcel struct {
	Items   []string          `json:"items"`
	Lines   []parcelLine      `json:"lines"`
	Labels  map[string]string `json:"labels"`
	Sender  *parcelLine       `json:"sender"`
	Raw     json.RawMessage   `json:"raw"`
	Stamps  [1][]byte         `json:"stamps"`
	Nothing []string          `json:"nothing,omitempty"`
}

type parcelLine struct{ Codes []int64 }

func newParcel() parcel {
	return parcel{
		Items: []string{"a"}, Lines: []parcelLine{{Codes: []int64{1}}}, Labels: map[string]string{"k": "v"},
		Sender: &parcelLine{Codes: []int64{1}}, Raw: json.RawMessage(`"r"`), Stamps: [1][]byte{[]byte("s")},
	}
}

// Every place where a handler that changes its request would change the caller's
// too, and would with Shared, which is that promise not to.
//
// Proves: B4
func TestWhereAMutationWouldHaveLeaked(t *testing.T) {
	places := map[string]func(p parcel){
		"element of a slice":         func(p parcel) { p.Items[0] = "x" },
		"slice inside an element":    func(p parcel) { p.Lines[0].Codes[0] = 9 },
		"entry of a map":             func(p parcel) { p.Labels["k"] = "x" },
		"new entry of a map":         func(p parcel) { p.Labels["new"] = "x" },
		"what a pointer points to":   func(p parcel) { p.Sender.Codes = nil },
		"slice behind a pointer":     func(p parcel) { p.Sender.Codes[0] = 9 },
		"bytes of raw JSON":          func(p parcel) { p.Raw[1] = 'x' },
		"slice in an array of bytes": func(p parcel) { p.Stamps[0][0] = 'x' },
	}
	for name, change := range places {
		for _, c := range []struct {
			options Options
			shared  []ActionOption
			leaks   bool
		}{
			{Options{}, nil, false},
			{Options{Strict: true}, nil, false},
			{Options{}, []ActionOption{Shared()}, true},
		} {
			n, _ := quietNode(t, c.options)
			a := NewAction[parcel, parcel]("post.send", c.shared...)
			held := newParcel()
			a.Handle(n.View("post"), func(_ context.Context, req parcel) (parcel, error) { change(req); return held, nil })
			mine := newParcel()
			res, err := a.Call(t.Context(), n.View("test"), mine)
			if err != nil {
				t.Fatal(err)
			}
			if leaked := !reflect.DeepEqual(mine, newParcel()); leaked != c.leaks {
				t.Errorf("%s, %+v: the caller's request changed: %v", name, c.options, leaked)
			}
			change(res)
			if leaked := !reflect.DeepEqual(held, newParcel()); leaked != c.leaks {
				t.Errorf("%s, %+v: what the handler holds changed: %v", name, c.options, leaked)
			}
		}
	}
}

// lossy loses something in JSON that a copy keeps: strict shows it where two
// processes would.
type lossy struct {
	Cents price    `json:"cents"`
	Names []string `json:"names,omitempty"` // empty is not absent
}

// price rounds when it is written.
type price float64

func (p price) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%.0f", float64(p)), nil }

func (p *price) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, (*float64)(p)) }

func TestStrictShowsWhatTheWireLoses(t *testing.T) {
	for _, strict := range []bool{false, true} {
		n, _ := quietNode(t, Options{Strict: strict})
		a := NewAction[lossy, lossy]("shop.lossy")
		a.Handle(n.View("shop"), func(_ context.Context, req lossy) (lossy, error) { return req, nil })
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		res, err := a.Call(t.Context(), n.View("test"), lossy{Cents: 1.25, Names: []string{}})
		if lost := res.Cents != 1.25 && res.Names == nil; err != nil || lost != strict {
			t.Errorf("strict %v: got %+v, %v", strict, res, err)
		}
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
