package otelbus_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
)

func TestNestedCallsAreOneTrace(t *testing.T) {
	provider, exporter := recording(t)
	n := membus.New(traced(provider))
	wireShop(n, n, n)
	if _, err := checkout.Call(bus.WithRequestID(t.Context(), "r-7"), wired(t, n).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	spans := exporter.GetSpans()
	if got := names(spans); !slices.Equal(got, []string{"apps.execute internal", "pricing.quote internal", "checkout.place internal"}) {
		t.Fatalf("spans %q", got)
	}
	chained(t, spans[2], spans[1], spans[0])
	if spans[2].Parent.IsValid() {
		t.Errorf("the first call has the parent %v", spans[2].Parent)
	}
	for key, want := range map[attribute.Key]string{
		"rpc.system": "orchestrator", "rpc.service": "pricing", "rpc.method": "quote",
		"orchestrator.caller": "checkout", "orchestrator.request_id": "r-7", "error.type": "",
	} {
		if got := value(spans[1], key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if s := spans[1]; s.Status.Code != codes.Unset || s.InstrumentationScope.Name != "github.com/shopanaio/orchestrator/bus/otelbus" {
		t.Errorf("status %v, scope %v", s.Status, s.InstrumentationScope)
	}
}

// A span that an HTTP server or a handler made is the parent.
func TestSpansOfOthersAreParents(t *testing.T) {
	provider, exporter := recording(t)
	n := membus.New(traced(provider))
	inner := bus.NewAction[struct{}, struct{}]("shop.inner")
	outer := bus.NewAction[struct{}, struct{}]("shop.outer")
	tracer := provider.Tracer("test")
	inner.Handle(n.View("shop"), func(context.Context, struct{}) (v struct{}, err error) { return v, err })
	outer.Handle(n.View("shop"), func(ctx context.Context, _ struct{}) (struct{}, error) {
		ctx, span := tracer.Start(ctx, "query")
		defer span.End()
		return inner.Call(ctx, n.View("shop"), struct{}{})
	})
	ctx, span := tracer.Start(t.Context(), "GET /")
	if _, err := outer.Call(ctx, wired(t, n).View("door"), struct{}{}); err != nil {
		t.Fatal(err)
	}
	span.End()
	spans := exporter.GetSpans()
	if len(spans) != 4 {
		t.Fatalf("spans %q", names(spans))
	}
	chained(t, spans[3], spans[2], spans[1], spans[0])
}

func TestErrorsAreMarked(t *testing.T) {
	provider, exporter := recording(t)
	n := membus.New(traced(provider))
	wireShop(n, n, n)
	door := wired(t, n).View("door")
	for _, want := range []struct{ fail, code, reason, message string }{
		{"declared", "failed_precondition", "apps.closed", "not on a Monday"},
		{"undeclared", "internal", "", "internal error in apps.execute"},
	} {
		exporter.Reset()
		if _, err := checkout.Call(t.Context(), door, ask{Fail: want.fail}); err == nil {
			t.Fatal("no error")
		}
		for _, s := range exporter.GetSpans() {
			if s.Status.Code != codes.Error || s.Status.Description != want.message {
				t.Errorf("%s: %s has status %v", want.fail, s.Name, s.Status)
			}
			if value(s, "error.type") != want.code || value(s, "orchestrator.reason") != want.reason {
				t.Errorf("%s: %s has %v", want.fail, s.Name, s.Attributes)
			}
		}
	}
}

// What a server's client did wrong is no error of the server.
func TestServersAreBlamedForTheirFaultsOnly(t *testing.T) {
	provider, exporter := recording(t)
	o := otelbus.Observer(provider)
	for code := bus.Code(1); int(code) < bus.NumCodes; code++ {
		i := bus.Info{Kind: bus.KindCall, Action: "shop.buy", Service: "shop", Caller: "web", Remote: true, Incoming: true}
		o.After(o.Before(t.Context(), i), i, bus.Errorf(code, "so it is"))
		i.Incoming = false
		o.After(o.Before(t.Context(), i), i, bus.Errorf(code, "so it is"))
	}
	var blamed []string
	for _, s := range exporter.GetSpans() {
		if s.SpanKind == trace.SpanKindClient && s.Status.Code != codes.Error {
			t.Errorf("the client's span of %s has status %v", value(s, "error.type"), s.Status)
		}
		if s.SpanKind == trace.SpanKindServer && s.Status.Code == codes.Error {
			blamed = append(blamed, value(s, "error.type"))
		}
	}
	if want := []string{"deadline_exceeded", "unimplemented", "internal", "unavailable"}; !slices.Equal(blamed, want) {
		t.Errorf("blamed for %q, want %q", blamed, want)
	}
}

func TestEventsAreConsumed(t *testing.T) {
	provider, exporter := recording(t)
	o := otelbus.Observer(provider)
	i := bus.Info{Kind: bus.KindEvent, Action: "orders.created", Service: "stock", Caller: "orders", Remote: true, Incoming: true}
	o.After(o.Before(t.Context(), i), i, bus.Errorf(bus.NotFound, "no such product"))
	s := find(t, exporter.GetSpans(), "orders.created consumer")
	for key, want := range map[attribute.Key]string{
		"messaging.system": "orchestrator", "messaging.destination.name": "orders.created", "messaging.operation.type": "process",
		"orchestrator.caller": "orders", "orchestrator.subscriber": "stock", "error.type": "not_found", "rpc.system": "",
	} {
		if got := value(s, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if s.Status.Code != codes.Error {
		t.Errorf("status %v", s.Status)
	}
}

// Each of two observers ends its own spans.
func TestTwoProviders(t *testing.T) {
	one, first := recording(t)
	two, second := recording(t)
	n := membus.New(bus.Options{Observers: []bus.Observer{otelbus.Observer(one), otelbus.Observer(two)}})
	wireShop(n, n, n)
	if _, err := checkout.Call(t.Context(), wired(t, n).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	for name, spans := range map[string][]string{"first": names(first.GetSpans()), "second": names(second.GetSpans())} {
		if len(spans) != 3 {
			t.Errorf("the %s recorded %q", name, spans)
		}
	}
}

// faulty panics when a span of the name starts.
type faulty struct {
	sdk.SpanProcessor

	name string
}

func (f faulty) OnStart(ctx context.Context, s sdk.ReadWriteSpan) {
	if s.Name() == f.name {
		panic("no memory")
	}
	f.SpanProcessor.OnStart(ctx, s)
}

// A call whose span could not be started does not end its parent's.
func TestProviderThatPanicsSpoilsNoOtherSpan(t *testing.T) {
	var told []string
	before := otel.GetErrorHandler()
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { told = append(told, err.Error()) }))
	t.Cleanup(func() { otel.SetErrorHandler(before) })

	kept, exporter := recording(t)
	_ = kept
	provider := sdk.NewTracerProvider(sdk.WithSpanProcessor(faulty{sdk.NewSimpleSpanProcessor(exporter), "pricing.quote"}))
	n := membus.New(traced(provider))
	wireShop(n, n, n)
	if _, err := checkout.Call(t.Context(), wired(t, n).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	spans := exporter.GetSpans()
	s := find(t, spans, "checkout.place internal")
	if last := spans[len(spans)-1]; last.Name != s.Name {
		t.Errorf("%s ended last of %q", last.Name, names(spans))
	}
	if len(told) != 1 || !strings.Contains(told[0], "pricing.quote: panic: no memory") {
		t.Errorf("told %q", told)
	}
}
