package bus

import (
	"fmt"
	"sync/atomic"

	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// edge is one caller's way to one action, with its counters.
type edge struct {
	node     *Node
	seat     *seat
	caller   string
	way      way
	away     atomic.Pointer[edge] // for what goes to another node although it is served here
	counters counters.Counters
	unknown  atomic.Uint64 // messages with fields that the contract here does not have
}

// way is where the calls of an edge come from or go to.
type way uint8

const (
	asWired way = iota // to the handler, or where there is none to another node
	sentOn             // to another node, though there is a handler
	arrived            // from another node
)

// side is where the edge's calls are counted.
func (e *edge) side() string {
	switch {
	case e.way == arrived:
		return SideServer
	case e.way == sentOn, !e.seat.handled():
		return SideClient
	}
	return SideLocal
}

// sending is the edge of the same caller for what it sends to other nodes.
func (e *edge) sending() *edge {
	if far := e.away.Load(); far != nil {
		return far
	}
	e.node.mu.Lock()
	defer e.node.mu.Unlock()
	far := e.node.edgeOf(edgeKey{e.seat, e.caller, sentOn})
	e.away.Store(far)
	return far
}

// refusal is the error of a call or an event that a gate keeps out.
func (e *edge) refusal(gate uint32) *Error {
	switch {
	case gate&shut != 0:
		verb := "called"
		if e.seat.contract.event != nil {
			verb = "emitted"
		}
		return e.fail(Unavailable, e.seat.name+" cannot be "+verb+" any more: the node is closed")
	case gate&mismatched != 0:
		return e.fail(Internal, e.seat.name+" was declared twice with different types: see Node.Check")
	default:
		return e.fail(Unavailable, fmt.Sprintf("%s cannot be called: the service %s has not started yet",
			e.seat.name, e.seat.service))
	}
}

// unreachable is the error of an action that nobody serves: the service may be
// here and lack it, or be nowhere.
func (e *edge) unreachable() *Error {
	if e.node.serves(e.seat.service) {
		return e.fail(Unimplemented, fmt.Sprintf("the service %s has no action %s", e.seat.service, e.seat.name))
	}
	return e.fail(Unavailable, fmt.Sprintf("%s cannot be called: no service %s is running in reach",
		e.seat.name, e.seat.service))
}
