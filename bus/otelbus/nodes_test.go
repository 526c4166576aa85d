package otelbus_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/natsbus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// far makes a node over the server.
func far(t testing.TB, s *testnats.Server, o bus.Options) *bus.Node {
	t.Helper()
	transport, err := natsbus.New(natsbus.Config{URL: s.URL(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	o.Transport = transport
	return bus.NewNode(o)
}

// shops starts the chain in two processes' worth of nodes: checkout and apps in one,
// pricing in the other.
func shops(t testing.TB, near, other bus.Options) *bus.Node {
	t.Helper()
	s := testnats.Start(t)
	one, two := far(t, s, near), far(t, s, other)
	wireShop(one, two, one)
	wired(t, two)
	return wired(t, one)
}

// Proves: B21 (spans are linked across NATS).
func TestTraceCrossesNATS(t *testing.T) {
	near, here := recording(t)
	other, there := recording(t)
	node := shops(t, traced(near), traced(other))
	id, err := checkout.Call(bus.WithRequestID(t.Context(), "r-9"), node.View("door"), ask{})
	if err != nil || id != "r-9" {
		t.Fatalf("the last call has the request id %q; %v", id, err)
	}
	ours, theirs := here.GetSpans(), there.GetSpans()
	if len(ours) != 3 || len(theirs) != 2 {
		t.Fatalf("spans %q here, %q there", names(ours), names(theirs))
	}
	served := find(t, theirs, "pricing.quote server")
	chained(t, find(t, ours, "checkout.place internal"), find(t, ours, "pricing.quote client"), served,
		find(t, theirs, "apps.execute client"), find(t, ours, "apps.execute server"))
	if !served.Parent.IsRemote() {
		t.Error("the server's parent is not remote")
	}
	for _, s := range append(ours, theirs...) {
		if value(s, "orchestrator.request_id") != "r-9" {
			t.Errorf("%s has the request id %q", s.Name, value(s, "orchestrator.request_id"))
		}
	}
	if value(served, "orchestrator.caller") != "checkout" {
		t.Errorf("the server's span has %v", served.Attributes)
	}
}

func TestErrorsAreMarkedOnBothSides(t *testing.T) {
	near, here := recording(t)
	other, there := recording(t)
	node := shops(t, traced(near), traced(other))
	if _, err := checkout.Call(t.Context(), node.View("door"), ask{Fail: "declared"}); bus.CodeOf(err) != bus.FailedPrecondition {
		t.Fatal(err)
	}
	for which, in := range map[string]tracetest.SpanStubs{
		"checkout.place internal": here.GetSpans(), "pricing.quote client": here.GetSpans(), "apps.execute server": here.GetSpans(),
		"pricing.quote server": there.GetSpans(), "apps.execute client": there.GetSpans(),
	} {
		s := find(t, in, which)
		if value(s, "error.type") != "failed_precondition" || value(s, "orchestrator.reason") != "apps.closed" {
			t.Errorf("%s has %v", which, s.Attributes)
		}
		if server := s.SpanKind.String() == "server"; server != (s.Status.Code == codes.Unset) {
			t.Errorf("%s has status %v", which, s.Status)
		}
	}
}

// What is not sampled where it begins is sampled nowhere.
func TestUnsampledCrossesNATS(t *testing.T) {
	near, here := recording(t, sdk.WithSampler(sdk.NeverSample()))
	sampler := &asked{}
	other, there := recording(t, sdk.WithSampler(sampler))
	node := shops(t, traced(near), traced(other))
	if _, err := checkout.Call(t.Context(), node.View("door"), ask{}); err != nil {
		t.Fatal(err)
	}
	if ours, theirs := here.GetSpans(), there.GetSpans(); len(ours)+len(theirs)+len(sampler.names) != 0 {
		t.Errorf("recorded %q here and %q there; the sampler there was asked for %q", names(ours), names(theirs), sampler.names)
	}
}

// A peer without tracing takes the calls of one with it, and gives its own.
func TestUntracedPeer(t *testing.T) {
	near, here := recording(t)
	node := shops(t, traced(near), bus.Options{})
	id, err := checkout.Call(bus.WithRequestID(t.Context(), "r-9"), node.View("door"), ask{})
	if err != nil || id != "r-9" {
		t.Fatalf("the last call has the request id %q; %v", id, err)
	}
	spans := here.GetSpans()
	chained(t, find(t, spans, "checkout.place internal"), find(t, spans, "pricing.quote client"))
	if s := find(t, spans, "apps.execute server"); s.Parent.IsValid() {
		t.Errorf("the trace went through a peer that knows none: %v", s.Parent)
	}
}

// A program with a tracer of its own says its trace in the header of the standard.
func TestForeignCaller(t *testing.T) {
	provider, exporter := recording(t)
	s := testnats.Start(t)
	n := far(t, s, traced(provider))
	wireShop(n, n, n)
	wired(t, n)
	nc, err := nats.Connect(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	for header, traceparent := range map[string]string{
		"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"Traceparent": "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-01",
	} {
		exporter.Reset()
		msg := nats.NewMsg("platform.pricing.quote")
		msg.Header = nats.Header{header: {traceparent}}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := nc.RequestMsgWithContext(ctx, msg)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		served := find(t, exporter.GetSpans(), "pricing.quote server")
		chained(t, served, find(t, exporter.GetSpans(), "apps.execute internal"))
		if got := (otelbus.Propagator{}).Inject(contextOf(served)); got != traceparent {
			t.Errorf("the parent is %q, want %q", got, traceparent)
		}
	}
}
