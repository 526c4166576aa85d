package bus

import (
	"context"
	"fmt"
	"log/slog"
)

// Propagator carries what a tracer keeps in contexts from node to node: a span of
// the caller's process becomes the parent of one in the callee's. Package
// bus/otelbus has the one for OpenTelemetry.
type Propagator interface {
	// Inject writes what ctx knows of its trace as a W3C traceparent, or "" when it
	// knows nothing, which costs nothing on the way. It runs for every request that
	// leaves the process, after the observers' Before.
	Inject(ctx context.Context) string
	// Extract gives ctx what trace says, before the observers see the call. Anybody
	// may have written trace; a ctx that it does not change is the answer to nonsense.
	Extract(ctx context.Context, trace string) context.Context
}

// inject is the trace of ctx for a message, "" without a propagator.
func (n *Node) inject(ctx context.Context, e *edge) (trace string) {
	if n.propagator == nil {
		return ""
	}
	defer n.untraced(e.slot.name)
	return n.propagator.Inject(ctx)
}

// extract is ctx with the trace that a message brought.
func (n *Node) extract(ctx context.Context, m Message) (out context.Context) {
	if n.propagator == nil || m.Trace == "" {
		return ctx
	}
	out = ctx
	defer n.untraced(m.Action)
	if given := n.propagator.Extract(ctx, m.Trace); given != nil {
		out = given
	}
	return out
}

// untraced is deferred around code of a propagator, which must not decide a call.
func (n *Node) untraced(action string) {
	if cause := recover(); cause != nil {
		n.logger.Error("the propagator panicked; the call goes on without its trace",
			slog.String("panic", fmt.Sprint(cause)), slog.String("action", action))
	}
}
