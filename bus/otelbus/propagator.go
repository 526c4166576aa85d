package otelbus

import (
	"context"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/shopanaio/orchestrator/bus"
)

// Propagator carries the span of a context between nodes, as a W3C traceparent. The
// zero value is ready.
type Propagator struct{}

var _ bus.Propagator = Propagator{}

// Inject implements bus.Propagator. Without a span it allocates nothing.
func (Propagator) Inject(ctx context.Context) string {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return ""
	}
	var c carrier
	propagation.TraceContext{}.Inject(ctx, &c)
	return string(c)
}

// Extract implements bus.Propagator. What is no traceparent leaves ctx as it is.
func (Propagator) Extract(ctx context.Context, trace string) context.Context {
	c := carrier(trace)
	return propagation.TraceContext{}.Extract(ctx, &c)
}

// carrier holds the one field that travels.
type carrier string

const field = "traceparent"

// Get implements propagation.TextMapCarrier.
func (c *carrier) Get(key string) string {
	if key != field {
		return ""
	}
	return string(*c)
}

// Set implements propagation.TextMapCarrier.
func (c *carrier) Set(key, value string) {
	if key == field {
		*c = carrier(value)
	}
}

// Keys implements propagation.TextMapCarrier.
func (*carrier) Keys() []string { return []string{field} }
