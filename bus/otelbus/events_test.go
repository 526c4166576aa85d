package otelbus_test

import (
	"context"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

var (
	paid = bus.NewEvent[ask]("payments.paid")
	take = bus.NewAction[ask, string]("payments.take")
)

// wirePaid makes an action emit, and a service of another node, or the same, handle
// that by a call. What it closes says that the handler has come back.
func wirePaid(payments, stock *bus.Node) <-chan struct{} {
	handled := make(chan struct{}, 8)
	take.Handle(payments.View("payments"), func(ctx context.Context, q ask) (string, error) {
		return "", paid.Emit(ctx, payments.View("payments"), q)
	})
	discount.Handle(stock.View("apps"), func(context.Context, ask) (string, error) { return "", nil })
	paid.Subscribe(stock.View("stock"), func(ctx context.Context, q ask) error {
		_, err := discount.Call(ctx, stock.View("stock"), q)
		handled <- struct{}{}
		return err
	})
	return handled
}

// settled takes what was recorded once the node's handlers have ended.
func settled(t *testing.T, n *bus.Node, handled <-chan struct{}, exporter *tracetest.InMemoryExporter) tracetest.SpanStubs {
	t.Helper()
	<-handled
	if err := n.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return exporter.GetSpans()
}

// The span of a handler is a child of the span in which its event was emitted, which
// may have ended; what the handler calls is below it.
func TestTraceGoesWithTheEvent(t *testing.T) {
	provider, exporter := recording(t)
	n := membus.New(traced(provider))
	handled := wirePaid(n, n)
	if _, err := take.Call(bus.WithRequestID(t.Context(), "r-9"), wired(t, n).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	spans := settled(t, n, handled, exporter)
	chained(t, find(t, spans, "payments.take internal"), find(t, spans, "payments.paid consumer"), find(t, spans, "apps.execute internal"))
	for _, s := range spans {
		if value(s, "orchestrator.request_id") != "r-9" || len(s.Links) != 0 {
			t.Errorf("%s has the request id %q and the links %v", s.Name, value(s, "orchestrator.request_id"), s.Links)
		}
	}
}

// Proves: B21 (spans are linked across NATS; those of events as well).
func TestTraceOfEventsCrossesNATS(t *testing.T) {
	near, here := recording(t)
	other, there := recording(t)
	s := testnats.Start(t)
	one, two := far(t, s, traced(near)), far(t, s, traced(other))
	handled := wirePaid(one, two)
	wired(t, two)
	if _, err := take.Call(t.Context(), wired(t, one).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	theirs := settled(t, two, handled, there)
	consumed := find(t, theirs, "payments.paid consumer")
	chained(t, find(t, here.GetSpans(), "payments.take internal"), consumed, find(t, theirs, "apps.execute internal"))
	if !consumed.Parent.IsRemote() || value(consumed, "orchestrator.subscriber") != "stock" || value(consumed, "orchestrator.caller") != "payments" {
		t.Errorf("parent %v, attributes %v", consumed.Parent, consumed.Attributes)
	}
}

// What is not sampled where it begins is not sampled by those who hear of it later.
func TestUnsampledEventCrossesNATS(t *testing.T) {
	near, here := recording(t, sdk.WithSampler(sdk.NeverSample()))
	sampler := &asked{}
	other, there := recording(t, sdk.WithSampler(sampler))
	s := testnats.Start(t)
	one, two := far(t, s, traced(near)), far(t, s, traced(other))
	handled := wirePaid(one, two)
	wired(t, two)
	if _, err := take.Call(t.Context(), wired(t, one).View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	theirs := settled(t, two, handled, there)
	if ours := here.GetSpans(); len(ours)+len(theirs)+len(sampler.names) != 0 {
		t.Errorf("recorded %q here and %q there; the sampler there was asked for %q", names(ours), names(theirs), sampler.names)
	}
}

// An event that belongs to no trace begins one in each process that handles it, as
// before, and emitting it allocates nothing.
func TestEventWithoutATrace(t *testing.T) {
	provider, exporter := recording(t)
	n := membus.New(traced(provider))
	handled := wirePaid(n, n)
	view := wired(t, n).View("door")
	if err := paid.Emit(t.Context(), view, ask{}); err != nil {
		t.Fatal(err)
	}
	spans := settled(t, n, handled, exporter)
	if s := find(t, spans, "payments.paid consumer"); s.Parent.IsValid() {
		t.Errorf("the first span has the parent %v", s.Parent)
	}
	if allocs := testing.AllocsPerRun(100, func() { _ = (otelbus.Propagator{}).Inject(t.Context()) }); allocs != 0 {
		t.Errorf("looking for a trace allocates %v times", allocs)
	}
}
