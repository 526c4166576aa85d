package conformance

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// box refers to memory in every way a contract can.
type box struct {
	Items []string
	Notes map[string]string
	Next  *box
}

func fullBox() box {
	return box{Items: []string{"a"}, Notes: map[string]string{"k": "v"}, Next: &box{Items: []string{"b"}}}
}

// spoil changes everything that b refers to.
func (b box) spoil() { b.Items[0], b.Notes["k"], b.Next.Items[0] = "spoilt", "spoilt", "spoilt" }

func (b box) String() string { return fmt.Sprint(b.Items, b.Notes, b.Next.Items) }

const unspoilt = "[a] map[k:v] [b]"

func isolationRows() []row {
	return []row{
		{name: "isolation/a handler that changes the request", run: spoiltRequest, want: unspoilt},
		{name: "isolation/a caller that changes the request later", run: spoiltLater, want: unspoilt},
		{name: "isolation/a caller that changes the response", run: spoiltResponse, want: unspoilt},
		{name: "isolation/a handler that changes the response later", run: spoiltHeld, want: unspoilt},
		{name: "isolation/an error that is changed later", run: spoiltError, want: `aborted "busy" at oracle.fail details {"a":1}`},
	}
}

func spoiltRequest(w *world) string {
	a := serve(w, "oracle.keep", func(_ context.Context, b box) (struct{}, error) {
		b.spoil()
		return struct{}{}, nil
	})
	w.start()
	mine := fullBox()
	if _, err := a.Call(w.t.Context(), w.shop, mine); err != nil {
		return describe(err)
	}
	return mine.String()
}

func spoiltLater(w *world) string {
	var kept box
	a := serve(w, "oracle.keep", func(_ context.Context, b box) (struct{}, error) {
		kept = b
		return struct{}{}, nil
	})
	w.start()
	mine := fullBox()
	if _, err := a.Call(w.t.Context(), w.shop, mine); err != nil {
		return describe(err)
	}
	mine.spoil()
	return kept.String()
}

func spoiltResponse(w *world) string {
	held := fullBox()
	a := serve(w, "oracle.give", func(context.Context, struct{}) (box, error) { return held, nil })
	w.start()
	got, err := a.Call(w.t.Context(), w.shop, struct{}{})
	if err != nil {
		return describe(err)
	}
	got.spoil()
	return held.String()
}

func spoiltHeld(w *world) string {
	held := fullBox()
	a := serve(w, "oracle.give", func(context.Context, struct{}) (box, error) { return held, nil })
	w.start()
	got, err := a.Call(w.t.Context(), w.shop, struct{}{})
	if err != nil {
		return describe(err)
	}
	held.spoil()
	return got.String()
}

func spoiltError(w *world) string {
	held := bus.Errorf(bus.Aborted, "busy")
	held.Details = json.RawMessage(`{"a":1}`)
	a := serve(w, "oracle.fail", func(context.Context, struct{}) (struct{}, error) { return struct{}{}, held })
	w.start()
	_, err := a.Call(w.t.Context(), w.shop, struct{}{})
	held.Message, held.Details[2] = "spoilt", 'X'
	return describe(err)
}
