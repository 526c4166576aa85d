package otelbus_test

import (
	"context"
	"slices"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
)

// asked is a sampler that says yes or no, and remembers what it was asked.
type asked struct {
	names  []string
	refuse string // "*" is everything
}

func (a *asked) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	a.names = append(a.names, p.Name)
	if a.refuse == "*" || a.refuse == p.Name {
		return sdk.NeverSample().ShouldSample(p)
	}
	return sdk.AlwaysSample().ShouldSample(p)
}

func (*asked) Description() string { return "asked" }

func TestSamplerIsAskedAtTheEdge(t *testing.T) {
	sampler := &asked{refuse: "*"}
	provider, exporter := recording(t, sdk.WithSampler(sampler))
	n := membus.New(traced(provider))
	wireShop(n, n, n)
	door := wired(t, n).View("door")
	for range 2 {
		if _, err := checkout.Call(t.Context(), door, ask{}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"checkout.place", "checkout.place"}; !slices.Equal(sampler.names, want) {
		t.Errorf("asked for %q, want %q", sampler.names, want)
	}
	if spans := exporter.GetSpans(); len(spans) != 0 {
		t.Errorf("recorded %q", names(spans))
	}
}

// A trace that began elsewhere and is not recorded there is not begun anew.
func TestUnsampledParentIsFollowed(t *testing.T) {
	sampler := &asked{}
	provider, exporter := recording(t, sdk.WithSampler(sampler))
	n := membus.New(traced(provider))
	wireShop(n, n, n)
	ctx := otelbus.Propagator{}.Extract(t.Context(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
	if _, err := checkout.Call(ctx, wired(t, n).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	if spans := exporter.GetSpans(); len(spans) != 0 || len(sampler.names) != 0 {
		t.Errorf("recorded %q, asked for %q", names(spans), sampler.names)
	}
}

// A sampler that looks at every span, not only at the first, may leave one out in
// the middle: what is above it is recorded to its end.
func TestSpanLeftOutInTheMiddle(t *testing.T) {
	provider, exporter := recording(t, sdk.WithSampler(&asked{refuse: "pricing.quote"}))
	one, second := recording(t)
	n := membus.New(bus.Options{Observers: []bus.Observer{otelbus.Observer(provider), otelbus.Observer(one)}})
	wireShop(n, n, n)
	if _, err := checkout.Call(t.Context(), wired(t, n).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	if got := names(exporter.GetSpans()); !slices.Equal(got, []string{"checkout.place internal"}) {
		t.Errorf("recorded %q", got)
	}
	if got := names(second.GetSpans()); !slices.Equal(got, []string{"checkout.place internal"}) {
		t.Errorf("the other recorded %q", got)
	}
}

// A span that is recorded without being sampled has children.
func TestRecordOnlyParent(t *testing.T) {
	provider, exporter := recording(t)
	n := membus.New(traced(provider))
	wireShop(n, n, n)
	tracer := sdk.NewTracerProvider(sdk.WithSampler(recordOnly{})).Tracer("test")
	ctx, span := tracer.Start(t.Context(), "above")
	defer span.End()
	if _, err := checkout.Call(ctx, wired(t, n).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	if spans := exporter.GetSpans(); len(spans) != 0 { // parent-based: follows the flag
		t.Errorf("recorded %q", names(spans))
	}
}

type recordOnly struct{}

func (recordOnly) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	return sdk.SamplingResult{Decision: sdk.RecordOnly, Tracestate: trace.SpanContextFromContext(p.ParentContext).TraceState()}
}

func (recordOnly) Description() string { return "recordOnly" }

// A handler that takes its trace out of the record for a while still has its own
// span to the end.
func TestUnrecordedStretch(t *testing.T) {
	provider, exporter := recording(t)
	n := membus.New(traced(provider))
	inner, outer := bus.NewAction[struct{}, int]("shop.inner"), bus.NewAction[struct{}, int]("shop.outer")
	inner.Handle(n.View("shop"), func(context.Context, struct{}) (int, error) { return 0, nil })
	outer.Handle(n.View("shop"), func(ctx context.Context, _ struct{}) (int, error) {
		quiet := trace.ContextWithSpanContext(ctx, trace.SpanContextFromContext(ctx).WithTraceFlags(0))
		if _, err := inner.Call(quiet, n.View("shop"), struct{}{}); err != nil {
			return 0, err
		}
		return len(exporter.GetSpans()), nil
	})
	ended, err := outer.Call(t.Context(), wired(t, n).View("door"), struct{}{})
	if err != nil || ended != 0 || len(exporter.GetSpans()) != 1 {
		t.Errorf("%d spans ended within the call, then there were %q; %v", ended, names(exporter.GetSpans()), err)
	}
}

// Proves: B21 (tracing that is on and not sampled makes nothing).
func TestUnsampledNestedCallAllocatesNothing(t *testing.T) {
	provider, _ := recording(t, sdk.WithSampler(sdk.NeverSample()))
	far := otelbus.Propagator{}.Extract(t.Context(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
	nested(t, t.Context(), func(call func()) {
		if n := testing.AllocsPerRun(100, call); n != 0 {
			t.Errorf("begun here: %v allocations", n)
		}
	}, otelbus.Observer(provider))
	nested(t, far, func(call func()) {
		if n := testing.AllocsPerRun(100, call); n != 0 {
			t.Errorf("begun elsewhere: %v allocations", n)
		}
	}, otelbus.Observer(provider))
}
