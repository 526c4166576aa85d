package bus

import (
	"context"
	"sync/atomic"

	"github.com/shopanaio/orchestrator/bus/internal/breaker"
	"github.com/shopanaio/orchestrator/bus/internal/bulkhead"
)

// binding is the policies that a bound action has beside its time limit.
type binding struct {
	Policy

	last atomic.Pointer[memories] // those that were used last
}

// memories are what the policies of a binding remember about one action in one node.
type memories struct {
	seat     *seat
	retry    *retrier
	breaker  *breakerState
	bulkhead *bulkheadState
	cache    any // *cache[Res]
	problem  error
}

// policyKey tells the memories of policies apart.
type policyKey struct {
	seat   *seat
	policy any // a pointer to what was given to Retry, Breaker, Bulkhead or Cache
}

// remembering is what a policy remembers: its report is added to that of others of
// the same action.
type remembering interface{ report(s *PolicyStats) }

// memory finds what policy remembers about the action of s, or begins to.
func memory[T remembering](n *Node, s *seat, policy any, fresh func() T) T {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := policyKey{s, policy}
	if known, ok := n.policies[key].(T); ok {
		return known
	}
	begun := fresh()
	n.policies[key] = begun
	return begun
}

// memories finds what the bound policies remember.
func (a *Action[Req, Res]) memories(e *edge) *memories {
	if m := a.binding.last.Load(); m != nil && m.seat == e.seat {
		return m
	}
	p, n := &a.binding.Policy, e.node
	m := &memories{seat: e.seat, problem: p.problem}
	if p.retry != nil {
		m.retry = memory(n, e.seat, p.retry, func() *retrier { return &retrier{RetryPolicy: p.retry} })
	}
	if p.breaker != nil {
		m.breaker = memory(n, e.seat, p.breaker, func() *breakerState { return &breakerState{breaker.New(breaker.Limits(*p.breaker))} })
	}
	if p.bulkhead != nil {
		m.bulkhead = memory(n, e.seat, p.bulkhead, func() *bulkheadState {
			return &bulkheadState{p.bulkhead, bulkhead.New(p.bulkhead.Concurrency, p.bulkhead.Queue)}
		})
	}
	if p.cache != nil && m.problem == nil {
		out, err := newBorder[Res](a.contract, n.strict, "response")
		m.cache, m.problem = memory(n, e.seat, p.cache, func() *cache[Res] { return newCache(p.cache, out) }), err
	}
	a.binding.last.Store(m)
	return m
}

// callBound is Call through policies.
func (a *Action[Req, Res]) callBound(ctx context.Context, e *edge, req Req) (Res, error) {
	t := trip{edge: e, memories: a.memories(e)}
	t.begin(ctx, a.timeout)
	if t.memories.problem != nil {
		var zero Res
		return zero, t.refuse(e.fail(Internal, t.memories.problem.Error()))
	}
	if c, ok := t.memories.cache.(*cache[Res]); ok && t.open() {
		return a.cached(&t, c, req)
	}
	return a.attempts(&t, req)
}

// attempts calls until an attempt succeeds or Retry says that it is enough.
func (a *Action[Req, Res]) attempts(t *trip, req Req) (Res, error) {
	for try := 1; ; try++ {
		res, final, err := a.attempt(t, req)
		if err == nil || final || t.memories.retry == nil {
			return res, err
		}
		if err = t.memories.retry.pause(t, try, err); err != nil {
			return res, err
		}
	}
}

// attempt calls once, if breaker and bulkhead let it. Their refusal is final.
func (a *Action[Req, Res]) attempt(t *trip, req Req) (res Res, final bool, err error) {
	var p pass
	if err = t.enter(&p); err != nil {
		return res, true, t.refuse(err)
	}
	err = errGone // until the call returns
	defer t.leave(&p, &err)
	left, limited := t.own()
	if limited && left <= 0 {
		err = t.refuse(context.DeadlineExceeded)
		return res, true, err
	}
	c := call{edge: t.edge}
	if a.contract.detached {
		c.left = &leftover{places: p.places}
	}
	res, err = a.callOn(t.ctx, &c, req, t.attemptLimit(left))
	if t.left = c.left; t.left.runs() {
		p.places = nil // the handler that was left behind has it
	}
	return res, false, err
}
