package otelbus_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type ask struct{ Fail string }

var (
	checkout  = bus.NewAction[ask, string]("checkout.place")
	price     = bus.NewAction[ask, string]("pricing.quote")
	discount  = bus.NewAction[ask, string]("apps.execute")
	errClosed = bus.NewError(bus.FailedPrecondition, "apps.closed")
)

// recording is a provider with what it recorded.
func recording(t testing.TB, opts ...sdk.TracerProviderOption) (*sdk.TracerProvider, *tracetest.InMemoryExporter) {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	provider := sdk.NewTracerProvider(append(opts, sdk.WithSyncer(exporter))...)
	t.Cleanup(func() {
		if err := provider.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return provider, exporter
}

// traced are the options of a node that is traced.
func traced(provider *sdk.TracerProvider) bus.Options {
	return bus.Options{
		Observers:  []bus.Observer{otelbus.Observer(provider)},
		Propagator: otelbus.Propagator{},
		Logger:     slog.New(slog.DiscardHandler),
	}
}

// wireShop makes checkout ask pricing, and pricing ask apps, each in its node.
func wireShop(checkouts, pricing, apps *bus.Node) {
	checkout.Handle(checkouts.View("checkout"), func(ctx context.Context, q ask) (string, error) {
		return price.Call(ctx, checkouts.View("checkout"), q)
	})
	price.Handle(pricing.View("pricing"), func(ctx context.Context, q ask) (string, error) {
		return discount.Call(ctx, pricing.View("pricing"), q)
	})
	discount.Handle(apps.View("apps"), func(ctx context.Context, q ask) (string, error) {
		switch q.Fail {
		case "":
			return bus.RequestID(ctx), nil
		case "declared":
			return "", errClosed.Errorf("not on a Monday")
		default:
			return "", errors.New("password is hunter2")
		}
	})
}

// wired starts a node, and closes it when the test ends.
func wired(t testing.TB, n *bus.Node) *bus.Node {
	t.Helper()
	if err := errors.Join(n.Check(), n.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return n
}

// find is the one span of that name and kind, whose ids others are compared with.
func find(t testing.TB, spans tracetest.SpanStubs, which string) tracetest.SpanStub {
	t.Helper()
	i := slices.IndexFunc(spans, func(s tracetest.SpanStub) bool { return s.Name+" "+s.SpanKind.String() == which })
	if i < 0 {
		t.Fatalf("no span %q among %s", which, names(spans))
	}
	return spans[i]
}

// names lists spans in the order they ended.
func names(spans tracetest.SpanStubs) []string {
	var list []string
	for _, s := range spans {
		list = append(list, s.Name+" "+s.SpanKind.String())
	}
	return list
}

// value is an attribute of a span as text, "" when it is absent.
func value(s tracetest.SpanStub, key attribute.Key) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.AsString()
		}
	}
	return ""
}

// chained fails the test unless each span is the child of the one before it, in one
// trace.
func chained(t testing.TB, spans ...tracetest.SpanStub) {
	t.Helper()
	for i, s := range spans[1:] {
		up := spans[i]
		if s.SpanContext.TraceID() != up.SpanContext.TraceID() || s.Parent.SpanID() != up.SpanContext.SpanID() {
			t.Errorf("%s (trace %s, parent %s) is no child of %s (trace %s, span %s)", s.Name, s.SpanContext.TraceID(),
				s.Parent.SpanID(), up.Name, up.SpanContext.TraceID(), up.SpanContext.SpanID())
		}
	}
}
