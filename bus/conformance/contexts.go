package conformance

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
)

// realm is metadata of the rows.
var realm = bus.NewMetadata("realm")

func contextRows() []row {
	return []row{
		{name: "context/a request id reaches the handler", run: givenID("r-1"), want: "r-1"},
		{name: "context/a request id with other letters", run: givenID("Анна/7 b"), want: "Анна/7 b"},
		{name: "context/a request id with separators", run: givenID("a;b\nc"), want: "a;b\nc", differs: headers, other: "abc"},
		{name: "context/a request id is made and goes down the chain", run: madeID, want: "one id, and the next root has another"},
		{name: "context/no request id outside of a call", run: func(w *world) string {
			w.open()
			w.start()
			return fmt.Sprintf("%q", bus.RequestID(w.t.Context()))
		}, want: `""`},
		{name: "context/the caller's trace", run: func(w *world) string {
			w.open(traced)
			a := serve(w, "oracle.see", func(ctx context.Context, _ nothing) (string, error) { return seenTrace(ctx), nil })
			w.start()
			v, err := a.Call(context.WithValue(w.t.Context(), traceKey{}, someTrace), w.shop, nothing{})
			if err != nil {
				return describe(err)
			}
			return v
		}, want: someTrace},
		{name: "context/metadata goes down the chain", run: metadataChain, want: "demo Київ; below demo en; afterwards demo Київ"},
		{name: "context/metadata of any letters", run: metadataOf("a;b,c=d%\r\n\"e\\ \x00"), want: "a;b,c=d%\r\n\"e\\ \x00"},
		{name: "context/metadata that is too much", run: metadataOf(strings.Repeat("x", 5000)), want: "invalid_argument"},
		{name: "context/values of the caller's context", run: contextValue, want: "seen", differs: apart, other: "not seen"},
	}
}

var language = bus.NewMetadata("language")

func metadataChain(w *world) string {
	low := serve(w, "library.see", func(ctx context.Context, _ nothing) (string, error) {
		return realm.Of(ctx) + " " + language.Of(ctx), nil
	})
	a := serve(w, "oracle.see", func(ctx context.Context, _ nothing) ([]string, error) {
		mine := realm.Of(ctx) + " " + language.Of(ctx)
		below, err := low.Call(language.With(ctx, "en"), w.oracle, nothing{})
		return []string{mine, "below " + below, "afterwards " + realm.Of(ctx) + " " + language.Of(ctx)}, err
	})
	w.start()
	seen, err := a.Call(realm.With(language.With(w.t.Context(), "Київ"), "demo"), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	return lines(seen...)
}

func metadataOf(value string) func(w *world) string {
	return func(w *world) string {
		a := serve(w, "oracle.see", func(ctx context.Context, _ nothing) (string, error) { return language.Of(ctx), nil })
		w.start()
		got, err := a.Call(language.With(w.t.Context(), value), w.shop, nothing{})
		if err != nil {
			return bus.CodeOf(err).String()
		}
		return got
	}
}

// tell serves the library, which answers the request id, and the oracle, which
// answers its own and the library's.
func tell(w *world) *bus.Action[nothing, []string] {
	low := serve(w, "library.id", func(ctx context.Context, _ nothing) (string, error) { return bus.RequestID(ctx), nil })
	return serve(w, "oracle.id", func(ctx context.Context, _ nothing) ([]string, error) {
		below, err := low.Call(ctx, w.oracle, nothing{})
		return []string{bus.RequestID(ctx), below}, err
	})
}

func givenID(id string) func(w *world) string {
	return func(w *world) string {
		a := tell(w)
		w.start()
		got, err := a.Call(bus.WithRequestID(w.t.Context(), id), w.shop, nothing{})
		if err != nil || got[0] != got[1] {
			return fmt.Sprint(got, err)
		}
		return got[0]
	}
}

func madeID(w *world) string {
	a := tell(w)
	w.start()
	first, err := a.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	second, err := a.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	if first[0] == "" || first[0] != first[1] || second[0] == "" || first[0] == second[0] {
		return fmt.Sprint(first, second)
	}
	return "one id, and the next root has another"
}

// someTrace is a W3C traceparent.
const someTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// tracer is a propagator of what stands in contexts under traceKey.
type tracer struct{}

type traceKey struct{}

func (tracer) Inject(ctx context.Context) string { return seenTrace(ctx) }

func (tracer) Extract(ctx context.Context, trace string) context.Context {
	return context.WithValue(ctx, traceKey{}, trace)
}

func seenTrace(ctx context.Context) string {
	trace, _ := ctx.Value(traceKey{}).(string)
	return trace
}

func traced(o *bus.Options) { o.Propagator = tracer{} }

type contextKey struct{}

func contextValue(w *world) string {
	a := serve(w, "oracle.see", func(ctx context.Context, _ nothing) (string, error) {
		if ctx.Value(contextKey{}) == "x" {
			return "seen", nil
		}
		return "not seen", nil
	})
	w.start()
	v, err := a.Call(context.WithValue(w.t.Context(), contextKey{}, "x"), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	return v
}
