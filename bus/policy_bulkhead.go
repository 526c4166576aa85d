package bus

import (
	"cmp"

	"github.com/shopanaio/orchestrator/bus/internal/bulkhead"
)

// ErrBulkheadFull is the reason of a ResourceExhausted error that a bulkhead
// answers: the action was not called.
var ErrBulkheadFull = NewError(ResourceExhausted, "bus.bulkheadFull")

// BulkheadPolicy says how many calls may be in progress together.
type BulkheadPolicy struct {
	// Concurrency is how many calls run together. Default: 64.
	Concurrency int
	// Queue is how many more may wait for one of them to end. Default: 0, none.
	Queue int
}

// Bulkhead bounds how many calls of an action are in progress, so that a slow
// callee does not take all of its caller's goroutines, and a burst does not reach
// the callee all together. A call beyond the bound waits in the queue, first come first
// served, as long as its deadline allows; a call beyond the queue is answered
// immediately with ResourceExhausted and the reason of ErrBulkheadFull.
func Bulkhead(p BulkheadPolicy) Policy {
	wrong := limits{policy: "Bulkhead"}
	wrong.atLeastZero("Concurrency", p.Concurrency >= 0, p.Concurrency)
	wrong.atLeastZero("Queue", p.Queue >= 0, p.Queue)
	p.Concurrency = cmp.Or(p.Concurrency, 64)
	return Policy{bulkhead: &p, problem: wrong.problem()}
}

// bulkheadState is a BulkheadPolicy at work.
type bulkheadState struct {
	*BulkheadPolicy
	*bulkhead.Bulkhead
}

func (b *bulkheadState) report(s *PolicyStats) {
	if s.Bulkhead == nil {
		s.Bulkhead = &BulkheadStats{}
	}
	waiting, rejected := b.Load()
	s.Bulkhead.Waiting += waiting
	s.Bulkhead.Rejected += rejected
}
