package conformance

import (
	"context"

	"github.com/shopanaio/orchestrator/bus"
)

type question struct {
	Text string `json:"text"`
	Size int    `json:"size,omitempty"`
}

func repeat(_ context.Context, q question) (question, error) {
	if q.Text == "fail" {
		return question{}, errMoody.Errorf("no")
	}
	return q, nil
}

// byJSON calls oracle.ask by its name, after the caller's node has come to know it.
func byJSON(body string) func(w *world) string {
	return func(w *world) string {
		a := serve(w, "oracle.ask", repeat)
		w.start()
		if _, err := a.Call(w.t.Context(), w.shop, question{}); err != nil {
			return describe(err)
		}
		return jsonCall(w, "oracle.ask", body)
	}
}

func jsonCall(w *world, action, body string) string {
	out, err := w.caller.CallJSON(w.t.Context(), w.shop, action, []byte(body))
	if err != nil {
		return describe(err)
	}
	return string(out)
}

func jsonRows() []row {
	const bad = `invalid_argument "the body is no request of oracle.ask: `
	return []row{
		{name: "json/a request and a response", run: byJSON(`{"text":"a","size":1}`), want: `{"text":"a","size":1}`},
		{name: "json/an empty body", run: byJSON(""), want: `{"text":""}`},
		{name: "json/an unknown field", run: byJSON(`{"txet":"a"}`), want: bad + `txet is no known field" at oracle.ask ` +
			`details [{"field":"txet","rule":"additionalProperties","message":"is no known field"}]`},
		{name: "json/two values", run: byJSON(`{} {}`), want: bad + `it has more than one JSON value" at oracle.ask`},
		{name: "json/half a value", run: byJSON(`{"text":`), want: bad + `it ends before the JSON value does" at oracle.ask`},
		{name: "json/a value of another type", run: byJSON(`{"size":"big"}`),
			want: bad + `size must be a whole number that fits int, not a string" at oracle.ask ` +
				`details [{"field":"size","rule":"type","message":"must be a whole number that fits int, not a string"}]`},
		{name: "json/a name in another case", run: byJSON(`{"Text":"a"}`), want: bad + `Text is no known field: write it as text" at oracle.ask ` +
			`details [{"field":"Text","rule":"additionalProperties","message":"is no known field: write it as text"}]`},
		{name: "json/a name twice", run: byJSON(`{"text":"a","text":"b"}`), want: bad + `text is there twice" at oracle.ask ` +
			`details [{"field":"text","rule":"uniqueNames","message":"is there twice"}]`},
		{name: "json/text that is no UTF-8", run: byJSON("{\"text\":\"\xff\"}"), want: bad + `text is no UTF-8" at oracle.ask ` +
			`details [{"field":"text","rule":"type","message":"is no UTF-8"}]`},
		{name: "json/the error of a handler", run: byJSON(`{"text":"fail"}`), want: `failed_precondition oracle.moody "no" at oracle.ask`},
		{name: "json/an action nobody has", run: func(w *world) string {
			w.open()
			w.start()
			return jsonCall(w, "oracle.ask", "{}")
		}, want: `unavailable "oracle.ask cannot be called: no service oracle is running in reach" at oracle.ask retryable`},
		{name: "json/an action that this node has not called yet", run: func(w *world) string {
			serve(w, "oracle.ask", repeat)
			w.start()
			return jsonCall(w, "oracle.ask", "{}")
		}, want: `{"text":""}`},
	}
}

var _ bus.Handler[question, question] = repeat
