package bus

import (
	"fmt"
	"sync/atomic"
)

// edge is one caller's way to one action, with its counters.
type edge struct {
	node     *Node
	slot     *slot
	caller   string
	counters counters
	unknown  atomic.Uint64 // messages with fields that the contract here does not have
}

// refusal is the error of a call that a gate keeps out.
func (e *edge) refusal(gate uint32) *Error {
	switch {
	case gate&shut != 0:
		return e.fail(Unavailable, e.slot.name+" cannot be called any more: the node is closed")
	case gate&mismatched != 0:
		return e.fail(Internal, e.slot.name+" was declared twice with different types: see Node.Check")
	default:
		return e.fail(Unavailable, fmt.Sprintf("%s cannot be called: the service %s has not started yet",
			e.slot.name, e.slot.service))
	}
}

// unreachable is the error of an action that nobody serves: the service may be
// here and lack it, or be nowhere.
func (e *edge) unreachable() *Error {
	if e.node.serves(e.slot.service) {
		return e.fail(Unimplemented, fmt.Sprintf("the service %s has no action %s", e.slot.service, e.slot.name))
	}
	return e.fail(Unavailable, fmt.Sprintf("%s cannot be called: no service %s is running in reach",
		e.slot.name, e.slot.service))
}
