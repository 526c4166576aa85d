package otelbus_test

import (
	"context"
	"fmt"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
)

// greet would stand in a contract.
var greet = bus.NewAction[string, string]("hello.greet")

// A node gets an observer and a propagator; the provider and its exporter are those
// of any Go program.
func ExampleObserver() {
	ctx := context.Background()
	exporter := tracetest.NewInMemoryExporter()
	provider := sdk.NewTracerProvider(sdk.WithSyncer(exporter))

	node := membus.New(bus.Options{
		Observers:  []bus.Observer{otelbus.Observer(provider)},
		Propagator: otelbus.Propagator{},
	})
	greet.Handle(node.View("hello"), func(_ context.Context, name string) (string, error) {
		if name == "" {
			return "", bus.Errorf(bus.InvalidArgument, "who is it?")
		}
		return "Hello, " + name, nil
	})
	_, _ = greet.Call(ctx, node.View("door"), "world")
	_, _ = greet.Call(ctx, node.View("door"), "")

	for _, span := range exporter.GetSpans() {
		fmt.Printf("%s %s %q\n", span.Name, span.SpanKind, span.Status.Description)
	}
	fmt.Println(node.Close(ctx), provider.Shutdown(ctx))
	// Output:
	// hello.greet internal ""
	// hello.greet internal "who is it?"
	// <nil> <nil>
}
