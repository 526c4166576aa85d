package bus

import (
	"math/bits"
	"runtime"
	"sync/atomic"
)

// counters count the calls of one edge, exactly, without that two processors
// write to one cache line: each has a cell of its own, made when it first needs
// one. Reading adds the cells up.
type counters struct {
	cells  []atomic.Pointer[cell]
	spill  cell // for processors that were added later than the cells
	panics atomic.Uint64
}

// cell is one processor's share. The arrays are as long as their masks say, so
// that no index is out of range: a panic while pinned would end the process.
type cell struct {
	started tally
	nanos   tally
	codes   [codeMask + 1]tally   // by Code
	buckets [bucketMask + 1]tally // by bucketOf
	_       [48]byte              // the neighbour in memory is another processor's
}

const (
	codeMask   = 15
	bucketMask = 31
)

// lookEvery is how many calls of one edge begin on one processor between two that are
// looked at more closely.
const lookEvery = 2048

// The buckets are powers of two in nanoseconds, from about a microsecond to about
// eight and a half seconds.
const (
	buckets     = 24
	firstBucket = 10 // 2^10 ns
)

func (c *counters) init() {
	c.cells = make([]atomic.Pointer[cell], max(runtime.NumCPU(), runtime.GOMAXPROCS(0)))
}

// bucketOf is the index of the bucket that nanos falls into: the first whose
// upper bound is not less; buckets if it is longer than all of them.
func bucketOf(nanos int64) int {
	if nanos <= 1<<firstBucket {
		return 0
	}
	return min(bits.Len64(uint64(nanos-1))-firstBucket, buckets)
}

func (c *counters) panicked() { c.panics.Add(1) }

// at is the cell of the processor p, made if it is missing; nil if p is beyond
// those that were there when the edge was made.
func (c *counters) at(p int) *cell {
	if p >= len(c.cells) {
		return nil
	}
	fresh := &cell{}
	if c.cells[p].CompareAndSwap(nil, fresh) {
		return fresh
	}
	return c.cells[p].Load()
}

// stats adds the cells up. A call is counted under its code before its bucket, and
// is read the other way round: what is in a bucket is under a code. What has ended
// is read before what has begun, so that no more calls end than began.
func (c *counters) stats(s *EdgeStats) {
	var hits [buckets]uint64
	var nanos, started uint64
	c.each(func(x *cell) {
		for i := range hits {
			hits[i] += x.buckets[i].load()
		}
		nanos += x.nanos.load()
	})
	c.each(func(x *cell) {
		for i := range s.Requests {
			s.Requests[i] += x.codes[i].load()
		}
	})
	c.each(func(x *cell) { started += x.started.load() })
	var done uint64
	for _, count := range s.Requests {
		done += count
	}
	s.InFlight = int64(max(started, done) - done)
	s.Panics = c.panics.Load()
	s.Duration = newHistogram(hits, done, nanos)
}

func (c *counters) each(visit func(*cell)) {
	for i := range c.cells {
		if x := c.cells[i].Load(); x != nil {
			visit(x)
		}
	}
	visit(&c.spill)
}
