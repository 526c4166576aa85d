// Package counters counts the calls of one kind, exactly, without that two processors
// write to one cache line.
package counters

import (
	"math/bits"
	"runtime"
	"sync/atomic"
)

// Counters has a cell for each processor, made when that first needs one. Reading adds
// the cells up.
type Counters struct {
	cells  []atomic.Pointer[cell]
	spill  cell // for processors that were added later than the cells
	panics atomic.Uint64
}

// cell is one processor's share. The arrays are as long as their masks say, so
// that no index is out of range: a panic while pinned would end the process.
type cell struct {
	started tally
	nanos   tally
	codes   [Codes]tally          // by the code of the outcome
	buckets [bucketMask + 1]tally // by Bucket
	_       [48]byte              // the neighbour in memory is another processor's
}

// Codes is more than there are codes of an outcome.
const Codes = codeMask + 1

const (
	codeMask   = 15
	bucketMask = 31
)

// LookEvery is how many calls of one edge begin on one processor between two that are
// looked at more closely.
const LookEvery = 2048

// The buckets are powers of two in nanoseconds, from about a microsecond to about
// eight and a half seconds.
const (
	Buckets     = 24
	firstBucket = 10 // 2^10 ns
)

// Bound is the upper bound of a bucket, in nanoseconds.
func Bound(bucket int) int64 { return 1 << (firstBucket + bucket) }

// Init is called before all else.
func (c *Counters) Init() {
	c.cells = make([]atomic.Pointer[cell], max(runtime.NumCPU(), runtime.GOMAXPROCS(0)))
}

// Bucket is the index of the bucket that nanos falls into: the first whose
// upper bound is not less; Buckets if it is longer than all of them.
func Bucket(nanos int64) int {
	if nanos <= 1<<firstBucket {
		return 0
	}
	return min(bits.Len64(uint64(nanos-1))-firstBucket, Buckets)
}

// Panicked counts a panic.
func (c *Counters) Panicked() { c.panics.Add(1) }

// at is the cell of the processor p, made if it is missing; nil if p is beyond
// those that were there when the edge was made.
func (c *Counters) at(p int) *cell {
	if p >= len(c.cells) {
		return nil
	}
	fresh := &cell{}
	if c.cells[p].CompareAndSwap(nil, fresh) {
		return fresh
	}
	return c.cells[p].Load()
}

// Sum is what was counted.
type Sum struct {
	Codes    [Codes]uint64
	Hits     [Buckets]uint64
	Done     uint64 // all of Codes
	InFlight uint64
	Panics   uint64
	Nanos    uint64
}

// Sum adds the cells up. A call is counted under its code before its bucket, and
// is read the other way round: what is in a bucket is under a code. What has ended
// is read before what has begun, so that no more calls end than began.
func (c *Counters) Sum() (s Sum) {
	c.each(func(x *cell) {
		for i := range s.Hits {
			s.Hits[i] += x.buckets[i].load()
		}
		s.Nanos += x.nanos.load()
	})
	c.each(func(x *cell) {
		for i := range s.Codes {
			s.Codes[i] += x.codes[i].load()
		}
	})
	for _, count := range s.Codes {
		s.Done += count
	}
	s.InFlight = max(c.Started(), s.Done) - s.Done
	s.Panics = c.panics.Load()
	return s
}

// Started is how many calls began.
func (c *Counters) Started() (total uint64) {
	c.each(func(x *cell) { total += x.started.load() })
	return total
}

func (c *Counters) each(visit func(*cell)) {
	for i := range c.cells {
		if x := c.cells[i].Load(); x != nil {
			visit(x)
		}
	}
	visit(&c.spill)
}
