package bus

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Policy is a way to call an action that With binds. What it remembers (what a
// breaker has seen, what a cache holds) belongs to the node, the action and the
// Policy value: a value that is bound twice to one action is one breaker, bound to
// two actions two. Keep it like the bound action: each value that was ever used
// is kept by its node.
type Policy struct {
	timeout  time.Duration
	retry    *RetryPolicy
	breaker  *BreakerPolicy
	bulkhead *BulkheadPolicy
	cache    *CachePolicy
	problem  error
}

// Timeout limits a call to d, or to the caller's deadline if that is earlier. It
// replaces the node's default, and may be longer. A d of 0 or less is no limit of
// its own. With Retry it limits all attempts together.
func Timeout(d time.Duration) Policy { return Policy{timeout: max(d, 0)} }

// Idempotent says that doing the action twice does what doing it once does, so
// that a call may be repeated, or answered from memory. Retry and Cache ask for it.
func Idempotent() ActionOption {
	return func(c *contract) { c.idempotent = true }
}

// With returns the same action with policies bound to it; of two of one kind the
// later holds. Whatever their order in the list, a call goes through them in this
// one: Cache, Timeout, Retry, Breaker, Bulkhead. So the answer from a cache costs
// nothing of what follows, the time limit holds for all attempts together, each
// attempt is judged by the breaker, and waiting for a place in the bulkhead is
// part of an attempt.
//
// Keep the value: making one for each call costs allocations, and each remembers
// for itself. A policy that cannot work is a wiring mistake: Node.Check returns it,
// and calls with it answer Internal.
func (a *Action[Req, Res]) With(policies ...Policy) *Action[Req, Res] {
	bound := *a
	bind := binding{}
	if a.binding != nil {
		bind.take(a.binding.Policy)
	}
	for _, p := range policies {
		if p.timeout > 0 {
			bound.timeout = p.timeout
		}
		bind.take(p)
	}
	if !bind.any() {
		return &bound
	}
	if err := bind.mistake(a.contract); err != nil {
		bind.problem = fmt.Errorf("%s: %s cannot be called so: %w", caller(1), a.contract.name, err)
		a.contract.misused(bind.problem)
	}
	bound.binding = &bind
	return &bound
}

// take adds what p says to what is bound already.
func (b *binding) take(p Policy) {
	b.retry, b.breaker = cmp.Or(p.retry, b.retry), cmp.Or(p.breaker, b.breaker)
	b.bulkhead, b.cache = cmp.Or(p.bulkhead, b.bulkhead), cmp.Or(p.cache, b.cache)
	b.problem = errors.Join(b.problem, p.problem)
}

// any reports whether there is more than a time limit.
func (b *binding) any() bool {
	return b.retry != nil || b.breaker != nil || b.bulkhead != nil || b.cache != nil
}

// mistake is why the policies cannot work with the action of c.
func (b *binding) mistake(c *contract) error {
	switch {
	case b.problem != nil:
		return b.problem
	case c.idempotent:
		return nil
	case b.retry != nil:
		return errors.New("Retry would repeat an action that is not declared idempotent: declare it with bus.Idempotent(), or call without Retry")
	case b.cache != nil:
		return errors.New("Cache would answer for an action that is not declared idempotent: declare it with bus.Idempotent(), or call without Cache")
	}
	return nil
}

// limits finds what is wrong with the numbers of a policy.
type limits struct {
	policy string
	wrong  []error
}

func (l *limits) atLeastZero(field string, ok bool, value any) {
	if !ok {
		l.wrong = append(l.wrong, fmt.Errorf("%s of %s is %v: 0 takes the default, and less means nothing", field, l.policy, value))
	}
}

func (l *limits) problem() error { return errors.Join(l.wrong...) }
