package bus

import (
	"context"
	"sync/atomic"
)

// guards are the policies that a bound action has beside its time limit.
type guards struct {
	Policy

	last atomic.Pointer[guard] // the one that was used last
}

// guard is guards at work for one action in one node.
type guard struct {
	slot     *slot
	retry    *retrier
	breaker  *breaker
	bulkhead *bulkhead
	cache    any // *cache[Res]
	problem  error
}

// policyKey tells the memories of policies apart.
type policyKey struct {
	slot   *slot
	policy any // a pointer to what was given to Retry, Breaker, Bulkhead or Cache
}

// remembering is what a policy remembers: its report is added to that of others of
// the same action.
type remembering interface{ report(s *PolicyStats) }

// memory finds what policy remembers about the action of s, or begins to.
func memory[T remembering](n *Node, s *slot, policy any, fresh func() T) T {
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

// guard finds the memories of the bound policies.
func (a *Action[Req, Res]) guard(e *edge) *guard {
	if g := a.guards.last.Load(); g != nil && g.slot == e.slot {
		return g
	}
	p, n := &a.guards.Policy, e.node
	g := &guard{slot: e.slot, problem: p.problem}
	if p.retry != nil {
		g.retry = memory(n, e.slot, p.retry, func() *retrier { return &retrier{RetryPolicy: p.retry} })
	}
	if p.breaker != nil {
		g.breaker = memory(n, e.slot, p.breaker, func() *breaker { return newBreaker(p.breaker) })
	}
	if p.bulkhead != nil {
		g.bulkhead = memory(n, e.slot, p.bulkhead, func() *bulkhead { return newBulkhead(p.bulkhead) })
	}
	if p.cache != nil && g.problem == nil {
		out, err := newBorder[Res](a.contract, n.strict, "response")
		g.cache, g.problem = memory(n, e.slot, p.cache, func() *cache[Res] { return newCache(p.cache, out) }), err
	}
	a.guards.last.Store(g)
	return g
}

// guarded is Call through policies.
func (a *Action[Req, Res]) guarded(ctx context.Context, e *edge, req Req) (Res, error) {
	t := trip{edge: e, guard: a.guard(e)}
	t.begin(ctx, a.timeout)
	if t.guard.problem != nil {
		var zero Res
		return zero, t.refuse(e.fail(Internal, t.guard.problem.Error()))
	}
	if c, ok := t.guard.cache.(*cache[Res]); ok && t.open() {
		return a.cached(&t, c, req)
	}
	return a.attempts(&t, req)
}

// attempts calls until an attempt succeeds or Retry says that it is enough.
func (a *Action[Req, Res]) attempts(t *trip, req Req) (Res, error) {
	for try := 1; ; try++ {
		res, final, err := a.attempt(t, req)
		if err == nil || final || t.guard.retry == nil {
			return res, err
		}
		if err = t.guard.retry.pause(t, try, err); err != nil {
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
