package otelbus_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/shopanaio/orchestrator/bus/otelbus"
)

// contextOf is a context in the parent of a span.
func contextOf(s tracetest.SpanStub) context.Context {
	return trace.ContextWithSpanContext(context.Background(), s.Parent)
}

func TestPropagatorWritesWhatItReads(t *testing.T) {
	var p otelbus.Propagator
	for _, good := range []string{
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
	} {
		ctx := p.Extract(t.Context(), good)
		if sc := trace.SpanContextFromContext(ctx); !sc.IsRemote() || p.Inject(ctx) != good {
			t.Errorf("%s became %s", good, p.Inject(ctx))
		}
	}
	if got := p.Inject(t.Context()); got != "" {
		t.Errorf("no span is %q", got)
	}
}

func FuzzPropagator(f *testing.F) {
	for _, s := range []string{
		"", "x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
		"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
	} {
		f.Add(s)
	}
	var p otelbus.Propagator
	f.Fuzz(func(t *testing.T, s string) {
		ctx := p.Extract(t.Context(), s)
		sc := trace.SpanContextFromContext(ctx)
		if written := p.Inject(ctx); sc.IsValid() != (len(written) == 55) {
			t.Errorf("%q gives %v, written %q", s, sc, written)
		}
	})
}
