package bus

import (
	"cmp"
	"slices"

	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// Where a call is counted. One between two processes is counted by both, so a sum
// over processes leaves one of the sides out: without SideClient each call counts once
// where it was served, without SideServer once where it was made.
const (
	SideLocal  = "local"  // made and served in this process
	SideClient = "client" // made here, and sent to another process, or meant to be
	SideServer = "server" // made by another process, and served here
)

// EdgeStats counts the calls of one action by one caller on one side, exactly. The sum
// of Requests is Duration.Count.
type EdgeStats struct {
	Caller   string
	Service  string
	Action   string
	Side     string           // SideLocal, SideClient or SideServer
	Requests [NumCodes]uint64 // calls that ended, by Code
	InFlight int64            // calls that have not, nested ones included; those that begin and end while it is read may be among them
	Panics   uint64
	Duration Histogram
	// UnknownFields is how many messages from other processes, requests and answers,
	// had fields that the contract here does not have; the fields were ignored.
	UnknownFields uint64
}

// Histogram is how long calls took.
type Histogram struct {
	Count   uint64
	Sum     float64  // seconds
	Buckets []Bucket // without the last, which has no bound and all of Count
}

// Bucket counts the calls that took no longer than UpperBound.
type Bucket struct {
	UpperBound float64 // seconds
	Count      uint64  // cumulative
}

// newHistogram makes the buckets cumulative. A call that ends while they are read
// may be among all and not yet in its bucket.
func newHistogram(hits []uint64, all, nanos uint64) Histogram {
	h := Histogram{Count: all, Sum: float64(nanos) / 1e9, Buckets: make([]Bucket, len(hits))}
	var below uint64
	for i, n := range hits {
		below += n
		h.Buckets[i] = Bucket{UpperBound: float64(counters.Bound(i)) / 1e9, Count: min(below, all)}
	}
	return h
}

// Stats is one entry for each action, caller and side that was used since the node was
// made, sorted in this order.
func (n *Node) Stats() []EdgeStats {
	n.mu.Lock()
	edges := make([]*edge, 0, len(n.edges))
	for _, e := range n.edges {
		if e.seat.gate.Load()&mismatched == 0 && e.seat.contract.event == nil {
			edges = append(edges, e)
		}
	}
	n.mu.Unlock()
	list := make([]EdgeStats, len(edges))
	for i, e := range edges {
		sum := e.counters.Sum()
		list[i] = EdgeStats{
			Caller: e.caller, Service: e.seat.service, Action: e.seat.name, Side: e.side(),
			Requests: [NumCodes]uint64(sum.Codes[:NumCodes]), InFlight: int64(sum.InFlight), Panics: sum.Panics,
			Duration: newHistogram(sum.Hits[:], sum.Done, sum.Nanos), UnknownFields: e.unknown.Load(),
		}
	}
	slices.SortFunc(list, func(a, b EdgeStats) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Side, b.Side))
	})
	return list
}
