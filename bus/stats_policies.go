package bus

import (
	"cmp"
	"maps"
	"slices"
)

// PolicyStats counts what the policies of one action did in this node, for all of
// its bound values together. What no call was bound to is nil.
type PolicyStats struct {
	Service  string
	Action   string
	Retry    *RetryStats
	Breaker  *BreakerStats
	Bulkhead *BulkheadStats
	Cache    *CacheStats
}

// RetryStats are the figures of Retry.
type RetryStats struct {
	Retries uint64 // attempts after the first
}

// BreakerStats are the figures of Breaker.
type BreakerStats struct {
	State    BreakerState // the worst, if there are several
	Opened   uint64       // times that it opened
	Rejected uint64       // calls it answered
}

// BulkheadStats are the figures of Bulkhead.
type BulkheadStats struct {
	Waiting  int    // calls in the queue now
	Rejected uint64 // calls it answered because the queue was full
}

// CacheStats are the figures of Cache.
type CacheStats struct {
	Hits    uint64 // calls answered from memory
	Misses  uint64 // calls that went to the action
	Shared  uint64 // calls that waited for another's
	Entries int    // responses in memory, expired ones included that nobody has asked for since
}

// PolicyStats is one entry for each action that was called through Retry, Breaker,
// Bulkhead or Cache, sorted by action. Timeout has no figures of its own: its calls
// end with DeadlineExceeded in Stats.
func (n *Node) PolicyStats() []PolicyStats {
	n.mu.Lock()
	known := maps.Clone(n.policies)
	n.mu.Unlock()
	byAction := map[*seat]*PolicyStats{}
	for key, m := range known {
		s := byAction[key.seat]
		if s == nil {
			s = &PolicyStats{Service: key.seat.service, Action: key.seat.name}
			byAction[key.seat] = s
		}
		m.report(s)
	}
	list := make([]PolicyStats, 0, len(byAction))
	for _, s := range byAction {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b PolicyStats) int { return cmp.Compare(a.Action, b.Action) })
	return list
}
