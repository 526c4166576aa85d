package bus

import (
	"context"

	"github.com/shopanaio/orchestrator/bus/internal/baggage"
)

// request is a context that brings something to the root calls below it.
type request struct {
	context.Context

	id       string
	baggage  *baggage.Baggage // all metadata; nil: what is above has it
	depth    int              // how many calls with frames it has come through, in other processes
	incoming bool             // came over a transport: admitted while the node drains, never sent on
	parting  bool             // admitted while the node drains
}

func (r *request) Value(key any) any {
	if key == any(frameKey) {
		return r
	}
	return r.Context.Value(key)
}

// WithRequestID gives the calls made with the returned context the request id id,
// for instance the one an HTTP request came with. Without it a root call makes
// one. An empty id leaves ctx as it is.
func WithRequestID(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return &request{Context: ctx, id: id}
}

// WhileDraining lets the calls made with the returned context be served also
// after Drain has begun, until Close. It is for what a service still has to say
// when it stops: a process gives such a context to the stop hooks, which run
// when the node takes no other calls.
func WhileDraining(ctx context.Context) context.Context {
	return &request{Context: ctx, parting: true}
}

// RequestID is the id of the request that ctx belongs to, the same in all calls
// below one root and across processes. It is "" outside a call.
func RequestID(ctx context.Context) string {
	for {
		switch v := ctx.Value(frameKey).(type) {
		case *frame:
			return v.requestID()
		case *request:
			if v.id != "" {
				return v.id
			}
			ctx = v.Context
		default:
			return ""
		}
	}
}

// kept is the context of a root that was called with a context whose root has
// returned: the values of the old one, the life of what is above it.
type kept struct {
	context.Context

	values context.Context
}

func (k kept) Value(key any) any { return k.values.Value(key) }

// origin is what a context says about the call that is made with it.
type origin struct {
	frame    *frame          // the live frame the call is nested in; nil for a root
	ctx      context.Context // what the call hangs from
	incoming bool
	parting  bool
	baggage  *baggage.Baggage
	depth    int // of its frame, if the call is a root
}

// originOf looks from ctx upward for a live frame of n. Frames of other nodes are
// passed: a node called in between does not make the call a root. Frames that
// have ended are taken off, unless ctx has a cancellation of its own below them.
// The nearest is what ctx has for frameKey.
func (n *Node) originOf(ctx context.Context, nearest any) origin {
	from, life, ran := origin{}, ctx, false
	for nearest != nil && from.frame == nil {
		switch v := nearest.(type) {
		case *frame:
			from.depth = max(from.depth, v.depth()+1)
			if v.live() && v.edge.node == n {
				from.frame = v
				break
			}
			if !v.live() {
				ran = true
				if life.Done() == v.Done() {
					life = v.parent
				}
			}
			nearest = v.parent.Value(frameKey)
		case *request:
			from.depth = max(from.depth, v.depth)
			from.incoming = from.incoming || v.incoming && !ran
			from.parting = from.parting || v.parting
			if from.baggage == nil {
				from.baggage = v.baggage
			}
			nearest = v.Context.Value(frameKey)
		default:
			nearest = nil
		}
	}
	if from.ctx = ctx; life != ctx {
		from.ctx = kept{Context: life, values: ctx}
	}
	return from
}
