package conformance

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// rough is a value whose own methods panic: the one that it names.
type rough string

func (r rough) MarshalJSON() ([]byte, error) {
	if r == "marshal" {
		panic("out of ink")
	}
	return json.Marshal(string(r))
}

func (r *rough) UnmarshalJSON(body []byte) error {
	var text string
	err := json.Unmarshal(body, &text)
	if text == "unmarshal" {
		panic("out of light")
	}
	*r = rough(text)
	return err
}

// Validate is a rule of its own.
func (r rough) Validate() error {
	if r == "validate" {
		panic("out of patience")
	}
	return nil
}

// panicRows are about methods of a contract's types, which run where no handler does.
func panicRows() []row {
	return []row{
		{name: "panics/a request's Validate", run: roughRequest("validate"), want: "internal; then ok"},
		{name: "panics/a request's MarshalJSON", run: roughRequest("marshal"), want: "ok; then ok", differs: encodes, other: "internal; then ok"},
		{name: "panics/a request's UnmarshalJSON", run: roughRequest("unmarshal"), want: "ok; then ok", differs: encodes, other: "internal; then ok"},
		{name: "panics/a response's MarshalJSON", run: roughResponse("marshal"), want: "ok; then ok", differs: encodes, other: "internal; then ok"},
		{name: "panics/a response's UnmarshalJSON", run: roughResponse("unmarshal"), want: "ok; then ok", differs: encodes, other: "internal; then ok"},
		{name: "panics/a request as JSON", run: roughJSON, want: "internal internal internal"},
		{name: "panics/an event's Validate", run: roughEvent("validate"), want: "internal; heard 1"},
		{name: "panics/an event's MarshalJSON", run: roughEvent("marshal"), want: "ok; heard 2", differs: carries, other: "internal; heard 1"},
		{name: "panics/a cache's Vary", run: roughVary, want: "internal"},
		{name: "panics/an event's handler returns an error that is nil inside", run: nilInside, want: "heard 2, failed 1"},
	}
}

func roughRequest(what rough) func(w *world) string {
	return func(w *world) string {
		a := serve(w, "oracle.ask", func(context.Context, rough) (nothing, error) { return nothing{}, nil })
		w.start()
		first := bus.CodeOf(errOf(a.Call(w.t.Context(), w.shop, what)))
		return fmt.Sprintf("%s; then %s", first, bus.CodeOf(errOf(a.Call(w.t.Context(), w.shop, "fine"))))
	}
}

func roughResponse(what rough) func(w *world) string {
	return func(w *world) string {
		a := serve(w, "oracle.ask", func(_ context.Context, fine bool) (rough, error) {
			if fine {
				return "fine", nil
			}
			return what, nil
		})
		w.start()
		first := bus.CodeOf(errOf(a.Call(w.t.Context(), w.shop, false)))
		return fmt.Sprintf("%s; then %s", first, bus.CodeOf(errOf(a.Call(w.t.Context(), w.shop, true))))
	}
}

func roughJSON(w *world) string {
	a := serve(w, "oracle.ask", func(_ context.Context, r rough) (rough, error) { return r, nil })
	w.start()
	if _, err := a.Call(w.t.Context(), w.shop, "fine"); err != nil {
		return describe(err)
	}
	text := ""
	for _, body := range []string{"unmarshal", "validate", "marshal"} {
		_, err := w.caller.CallJSON(w.t.Context(), w.shop, "oracle.ask", fmt.Appendf(nil, "%q", body))
		text += " " + bus.CodeOf(err).String()
	}
	return text[1:]
}

func roughEvent(what rough) func(w *world) string {
	return func(w *world) string {
		e := bus.NewEvent[rough]("oracle.happened")
		hears(w, e, "oracle", func(context.Context, rough) error { return nil })
		w.start()
		first := e.Emit(w.t.Context(), w.shop, what)
		if err := e.Emit(w.t.Context(), w.shop, "fine"); err != nil {
			return describe(err)
		}
		settleEvents(w)
		return fmt.Sprintf("%s; heard %d", bus.CodeOf(first), heard(w).Delivered)
	}
}

func roughVary(w *world) string {
	a := serve(w, "oracle.ask", answers, bus.Idempotent())
	kept := a.With(bus.Cache(bus.CachePolicy{Vary: func(context.Context) string { panic("out of reach") }}))
	w.start()
	_, err := kept.Call(w.t.Context(), w.shop, nothing{})
	return bus.CodeOf(err).String()
}

func nilInside(w *world) string {
	e := bus.NewEvent[question]("oracle.happened")
	hears(w, e, "oracle", func(_ context.Context, q question) error {
		if q.Text == "" {
			return nil
		}
		var none *bus.Error
		return none
	})
	w.start()
	for _, text := range []string{"bad", ""} {
		if err := e.Emit(w.t.Context(), w.shop, question{Text: text}); err != nil {
			return describe(err)
		}
	}
	settleEvents(w)
	s := heard(w)
	return fmt.Sprintf("heard %d, failed %d", s.Delivered, s.Failed)
}

// heard are the counters of the one subscriber.
func heard(w *world) bus.SubscriberStats {
	for _, s := range w.callee.EventStats().Subscribers {
		if s.Event == "oracle.happened" {
			return s
		}
	}
	return bus.SubscriberStats{}
}
