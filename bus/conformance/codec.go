package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/shopanaio/orchestrator/bus"
)

// codecRows are about values that JSON changes or cannot write.
func codecRows() []row {
	type optional struct {
		Items []string `json:"items,omitempty"`
	}
	type raw struct{ Data json.RawMessage }
	return []row{
		{name: "values/empty lists that may be left out", run: there(optional{Items: []string{}}, func(v optional) string { return absence(v.Items) }),
			want: "[]", differs: encodes, other: "nil"},
		{name: "values/no raw JSON", run: there(raw{}, func(v raw) string { return fmt.Sprintf("%q", v.Data) }), want: `""`, differs: encodes, other: `"null"`},
		{name: "values/raw JSON with spaces", run: there(raw{json.RawMessage(`{ "a" : 1 }`)}, func(v raw) string { return string(v.Data) }),
			want: `{ "a" : 1 }`, differs: encodes, other: `{"a":1}`},
		{name: "values/text that is no UTF-8", run: there("a\xffb", func(v string) string { return fmt.Sprintf("%q", v) }), want: `"a\xffb"`, differs: encodes, other: `"a�b"`},
		{name: "values/a request that is no JSON", run: nanRequest, want: "ok", differs: encodes, other: "invalid_argument"},
		{name: "values/a response that is no JSON", run: nanResponse, want: "NaN", differs: encodes,
			other: `internal "internal error in oracle.ratio" at oracle.ratio`},
		{name: "values/a request without end", run: endless, want: "invalid_argument"},
		{name: "values/a request as deep as may be", run: deepRequest(deepest), want: "ok"},
		{name: "values/a request deeper than may be", run: deepRequest(deepest + 1), want: "invalid_argument"},
		{name: "values/lists in lists deeper than may be", run: deepLists, want: "invalid_argument"},
		{name: "values/a response as deep as may be", run: deepResponse(deepest), want: "ok"},
		{name: "values/a response deeper than may be", run: deepResponse(deepest + 1), want: "internal"},
		{name: "values/one thing referred to twice", run: twice, want: "two"},
		{name: "values/a shared action hands over its own", run: shared, want: "same", differs: encodes, other: "copy"},
	}
}

func nanRequest(w *world) string {
	a := serve(w, "oracle.ratio", func(context.Context, float64) (nothing, error) { return nothing{}, nil })
	w.start()
	_, err := a.Call(w.t.Context(), w.shop, math.NaN())
	return bus.CodeOf(err).String()
}

func nanResponse(w *world) string {
	a := serve(w, "oracle.ratio", func(context.Context, nothing) (float64, error) { return math.NaN(), nil })
	w.start()
	v, err := a.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	return fmt.Sprint(v)
}

func endless(w *world) string {
	a := serve(w, "oracle.loop", func(context.Context, *chain) (nothing, error) { return nothing{}, nil })
	w.start()
	loop := &chain{}
	loop.Next = loop
	_, err := a.Call(w.t.Context(), w.shop, loop)
	return bus.CodeOf(err).String()
}

// deepest is how many objects and lists may be in one another.
const deepest = 1000

type knot struct {
	Next *knot   `json:"next,omitempty"`
	All  []*knot `json:"all,omitempty"`
}

// knots are objects in one another.
func knots(levels int) *knot {
	k := &knot{}
	for range levels - 1 {
		k = &knot{Next: k}
	}
	return k
}

func deepRequest(levels int) func(w *world) string {
	return func(w *world) string {
		a := serve(w, "oracle.deep", func(context.Context, *knot) (nothing, error) { return nothing{}, nil })
		w.start()
		_, err := a.Call(w.t.Context(), w.shop, knots(levels))
		return bus.CodeOf(err).String()
	}
}

func deepLists(w *world) string {
	a := serve(w, "oracle.deep", func(context.Context, *knot) (nothing, error) { return nothing{}, nil })
	w.start()
	k := &knot{}
	for range deepest / 2 { // each is an object and a list
		k = &knot{All: []*knot{k}}
	}
	_, err := a.Call(w.t.Context(), w.shop, k)
	return bus.CodeOf(err).String()
}

func deepResponse(levels int) func(w *world) string {
	return func(w *world) string {
		a := serve(w, "oracle.deep", func(context.Context, nothing) (*knot, error) { return knots(levels), nil })
		w.start()
		_, err := a.Call(w.t.Context(), w.shop, nothing{})
		return bus.CodeOf(err).String()
	}
}

type pair struct{ A, B *inner }

func twice(w *world) string {
	got := ""
	a := serve(w, "oracle.pair", func(_ context.Context, p pair) (nothing, error) {
		got = "two"
		if p.A == p.B {
			got = "one"
		}
		return nothing{}, nil
	})
	w.start()
	thing := &inner{"x"}
	if _, err := a.Call(w.t.Context(), w.shop, pair{thing, thing}); err != nil {
		return describe(err)
	}
	return got
}

func shared(w *world) string {
	var received *inner
	a := serve(w, "oracle.keep", func(_ context.Context, v *inner) (*inner, error) {
		received = v
		return v, nil
	}, bus.Shared())
	w.start()
	mine := &inner{"x"}
	back, err := a.Call(w.t.Context(), w.shop, mine)
	switch {
	case err != nil:
		return describe(err)
	case received == mine && back == mine:
		return "same"
	case received != mine && back != mine && back != received:
		return "copy"
	}
	return "neither one nor the other"
}
