package otelbus

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/shopanaio/orchestrator/bus"
)

// scope names this package to exporters, as the maker of the spans.
const scope = "github.com/shopanaio/orchestrator/bus/otelbus"

// Observer makes spans with the provider's tracer. The provider's life is the
// caller's business: whoever made it shuts it down, after the node is closed.
// otel.GetTracerProvider() will do before a provider is set. An observer that comes
// after this one in Options.Observers may add spans to the context, and sees this
// one's as their parent.
func Observer(provider trace.TracerProvider) bus.Observer {
	t := &tracing{tracer: provider.Tracer(scope)}
	return bus.Observer{Before: t.before, After: t.after}
}

// tracing is the state behind an observer. It is the key of its own spans in
// contexts, too: several observers do not mistake each other's.
type tracing struct {
	tracer  trace.Tracer
	options options
}

// before starts a span if the call begins a trace, or belongs to one that is
// recorded.
func (t *tracing) before(ctx context.Context, i bus.Info) context.Context {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		if at := parent.SpanContext(); at.IsValid() && !at.IsSampled() { // the guard
			if ctx.Value(t) == nil {
				return ctx
			}
			return &own{Context: ctx, key: t, span: parent}
		}
	}
	return t.start(ctx, i)
}

// start makes the span. If the provider panics, the call goes on without one.
func (t *tracing) start(ctx context.Context, i bus.Info) (out context.Context) {
	defer func() {
		if cause := recover(); cause != nil {
			otel.Handle(fmt.Errorf("starting the span of %s: panic: %v", i.Action, cause))
			out = &own{Context: ctx, key: t, span: noop.Span{}}
		}
	}()
	out, span := t.tracer.Start(ctx, i.Action, t.options.of(i)...)
	if span.IsRecording() {
		span.SetAttributes(attribute.String("orchestrator.request_id", bus.RequestID(ctx)))
	} else if ctx.Value(t) == nil {
		return out
	}
	return &own{Context: out, key: t, span: span}
}

// own marks the context of a call with the span that was made for it. Below a call
// that has one every call has one, if only a span that records nothing: its After
// would else find the outer call's.
type own struct {
	context.Context

	key  *tracing
	span trace.Span
}

// Value answers the tracing that made the span.
func (o *own) Value(key any) any {
	if key == any(o.key) {
		return o
	}
	return o.Context.Value(key)
}

// after ends the span that before started, if it did.
func (t *tracing) after(ctx context.Context, i bus.Info, err error) {
	mine, ok := ctx.Value(t).(*own)
	if !ok || !mine.span.IsRecording() {
		return
	}
	if err != nil {
		mark(mine.span, i, err)
	}
	mine.span.End()
}

// mark says what a call failed with.
func mark(span trace.Span, i bus.Info, err error) {
	code := bus.CodeOf(err)
	span.SetAttributes(attribute.String("error.type", code.String()))
	var failure *bus.Error
	if !errors.As(err, &failure) {
		failure = &bus.Error{Message: err.Error()}
	}
	if failure.Reason != "" {
		span.SetAttributes(attribute.String("orchestrator.reason", failure.Reason))
	}
	if i.Kind == bus.KindCall && i.Incoming && !serversFault(code) {
		return
	}
	span.SetStatus(codes.Error, failure.Message)
}

// serversFault reports whether whoever asked could not have known better.
func serversFault(code bus.Code) bool {
	switch code {
	case bus.Internal, bus.Unavailable, bus.Unimplemented, bus.DeadlineExceeded:
		return true
	}
	return false
}
