// Package otelbus traces calls with OpenTelemetry. It is an observer and a
// propagator of the bus; a program that does not import it has no part of
// OpenTelemetry in it.
//
//	bus.Options{
//		Observers:  []bus.Observer{otelbus.Observer(provider)},
//		Propagator: otelbus.Propagator{},
//	}
//
// In a process of the orchestrator a service's module says the same, by
// service.Observe: see docs/operations.md, "Tracing".
//
// # Spans
//
// A call is a span named like its action. Its kind says where the other side is:
// internal for a call within the process, client for one that leaves it, server for
// one that came from another, consumer for an event that a subscriber handles.
//
//	rpc.system              "orchestrator"                  of calls
//	rpc.service             "pricing"                       of calls
//	rpc.method              "evaluateDiscounts"             of calls
//	messaging.system        "orchestrator"                  of events
//	messaging.destination.name, messaging.operation.type    of events
//	orchestrator.caller     "checkout"; of an event who emitted it
//	orchestrator.subscriber "stock"                         of events
//	orchestrator.request_id as in the log
//	error.type              "not_found"                     when it failed
//	orchestrator.reason     "apps.providerNotInstalled"     when it has one
//
// A failed call has the status Error and the message that the caller gets, which
// never is the text of an undeclared error. A server's span has it only for what is
// the server's fault, as in the conventions for gRPC: internal, unavailable,
// unimplemented, deadline_exceeded. No payload is looked at.
//
// # Sampling
//
// Whether a trace is recorded is decided where it begins, by the provider's sampler:
// at a call whose context has no span. Calls below follow it, in this process and
// in others. A nested call in a trace that is not recorded costs the look at its
// context: it makes no span and allocates nothing.
//
// # Between processes
//
// Propagator writes a W3C traceparent, which natsbus carries with the request or the
// event. What is not sampled is said too, so that the other side does not begin a trace
// of its own. OpenTelemetry's tracestate and baggage do not travel; bus.Metadata does. A process in between that has no
// propagator ends the trace.
//
// # Events
//
// The span of a handler is a child of the span in which its event was emitted, in the
// same process and in others, so that one request is one trace. The conventions for
// messaging would have a link where one handler takes a batch of messages of several
// traces; here each event is handled for itself, after the one emitter it has. Its
// parent is remote, also in the same process: it may have ended when the handler
// begins. To emit is no span; where it stands in its parent the order of time shows. An
// event that is emitted outside of any span begins a trace at each of its handlers.
package otelbus
