package otelbus

import (
	"strings"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/shopanaio/orchestrator/bus"
)

// options remembers what a span begins with, which is the same for all calls of one
// caller to one action. Making it would cost more than a span that is not sampled;
// there are as many as the node has counters.
type options struct {
	mu   sync.RWMutex
	made map[bus.Info][]trace.SpanStartOption
}

// of gives the options of a span for i.
func (o *options) of(i bus.Info) []trace.SpanStartOption {
	o.mu.RLock()
	made := o.made[i]
	o.mu.RUnlock()
	if made != nil {
		return made
	}
	made = []trace.SpanStartOption{trace.WithSpanKind(kindOf(i)), trace.WithAttributes(attributesOf(i)...)}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.made == nil {
		o.made = map[bus.Info][]trace.SpanStartOption{}
	}
	o.made[i] = made
	return made
}

// kindOf says on which side of which border a span is.
func kindOf(i bus.Info) trace.SpanKind {
	switch {
	case i.Kind == bus.KindEvent:
		return trace.SpanKindConsumer
	case i.Incoming:
		return trace.SpanKindServer
	case i.Remote:
		return trace.SpanKindClient
	}
	return trace.SpanKindInternal
}

// attributesOf are what a sampler may look at, by the semantic conventions.
func attributesOf(i bus.Info) []attribute.KeyValue {
	caller := attribute.String("orchestrator.caller", i.Caller)
	if i.Kind == bus.KindEvent {
		return []attribute.KeyValue{
			caller,
			attribute.String("messaging.system", "orchestrator"),
			attribute.String("messaging.destination.name", i.Action),
			attribute.String("messaging.operation.type", "process"),
			attribute.String("orchestrator.subscriber", i.Service),
		}
	}
	return []attribute.KeyValue{
		caller,
		attribute.String("rpc.system", "orchestrator"),
		attribute.String("rpc.service", i.Service),
		attribute.String("rpc.method", strings.TrimPrefix(i.Action, i.Service+".")),
	}
}
