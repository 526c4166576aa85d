//go:build !race && !bus_portable && !386 && !arm && !mips && !mipsle

package counters

import (
	"sync/atomic"
	_ "unsafe" // for linkname
)

// A processor's cell is written with plain instructions while the goroutine is
// pinned to the processor: 5 ns where an atomic counter that two processors share
// costs 80. portable.go does the same with atomics.

//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

// tally is a counter with one writer at a time. The write is one store of a whole
// word, so a reader sees the old or the new value.
type tally struct{ n uint64 }

func (t *tally) load() uint64    { return atomic.LoadUint64(&t.n) }
func (t *tally) share(by uint64) { atomic.AddUint64(&t.n, by) }

// Start counts a call that begins, and gives the number of the processor. One in
// LookEvery of them is due for a look.
func (c *Counters) Start() (processor int, due bool) {
	p := procPin()
	if p < len(c.cells) {
		if x := c.cells[p].Load(); x != nil {
			count := x.started.n + 1
			x.started.n = count
			procUnpin()
			return p, count%LookEvery == 0
		}
	}
	procUnpin()
	if c.at(p) == nil {
		c.spill.started.share(1)
		return p, false
	}
	return c.Start()
}

// Finish counts a call that ends with code, nanos after it began.
func (c *Counters) Finish(code uint8, nanos int64) {
	b := Bucket(nanos)
	p := procPin()
	if p < len(c.cells) {
		if x := c.cells[p].Load(); x != nil {
			x.nanos.n += uint64(nanos)
			x.codes[code&codeMask].n++
			x.buckets[b&bucketMask].n++
			procUnpin()
			return
		}
	}
	procUnpin()
	if c.at(p) == nil {
		c.spill.nanos.share(uint64(nanos))
		c.spill.codes[code&codeMask].share(1)
		c.spill.buckets[b&bucketMask].share(1)
		return
	}
	c.Finish(code, nanos)
}

// Processor is the number of the one that this goroutine runs on.
func Processor() int {
	p := procPin()
	procUnpin()
	return p
}
