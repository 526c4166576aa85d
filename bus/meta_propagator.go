package bus

import "context"

// Propagator carries what a tracer keeps in contexts from node to node, and from the
// emitter of an event to those who handle it later: a span of the one side becomes the
// parent of one on the other. Package bus/otelbus has the one for OpenTelemetry.
type Propagator interface {
	// Inject writes what ctx knows of its trace as a W3C traceparent, or "" when it
	// knows nothing, which costs nothing on the way. It runs for every request that
	// leaves the process, after the observers' Before, and once for every event, with
	// the emitter's context.
	Inject(ctx context.Context) string
	// Extract gives ctx what trace says, before the observers see the call or the
	// event. Anybody may have written trace; a ctx that it does not change is the answer
	// to nonsense.
	Extract(ctx context.Context, trace string) context.Context
}

// inject is the trace of ctx for a message or an event, "" without a propagator.
func (n *Node) inject(ctx context.Context, e *edge) (trace string) {
	if n.propagator == nil {
		return ""
	}
	defer n.spare("the propagator", e.seat.name)
	return n.propagator.Inject(ctx)
}

// extract is ctx with the trace that came with an action's message or with an event.
func (n *Node) extract(ctx context.Context, name, trace string) (out context.Context) {
	if n.propagator == nil || trace == "" {
		return ctx
	}
	out = ctx
	defer n.spare("the propagator", name)
	if given := n.propagator.Extract(ctx, trace); given != nil {
		out = given
	}
	return out
}
