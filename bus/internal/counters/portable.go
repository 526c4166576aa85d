//go:build race || bus_portable || 386 || arm || mips || mipsle

package counters

import (
	"sync/atomic"
	"unsafe"
)

// The same counters without anything of the runtime's own: goroutines spread over
// the cells by where their stacks are, and add atomically.

// tally is a counter that anybody adds to.
type tally struct{ n atomic.Uint64 }

func (t *tally) load() uint64 { return t.n.Load() }

// Start counts a call that begins, as in native.go.
func (c *Counters) Start() (processor int, due bool) {
	p := shardHint()
	return p, c.mine(p).started.n.Add(1)%uint64(max(LookEvery/len(c.cells), 64)) == 0 // a deep stack is in all cells
}

// Finish counts a call that ends with code, nanos after it began.
func (c *Counters) Finish(code uint8, nanos int64) {
	x := c.mine(shardHint())
	x.nanos.n.Add(uint64(nanos))
	x.codes[code&codeMask].n.Add(1)
	x.buckets[Bucket(nanos)&bucketMask].n.Add(1)
}

func (c *Counters) mine(p int) *cell {
	p %= len(c.cells)
	if x := c.cells[p].Load(); x != nil {
		return x
	}
	return c.at(p)
}

// shardHint is a number that is mostly the same for one goroutine and mostly
// differs between two.
func shardHint() int {
	var here byte
	at := uintptr(unsafe.Pointer(&here)) >> 11 // the smallest stacks are 2 KiB
	return int((at ^ at>>7) & 0xffff)
}

// Processor stands for the number of the one that this goroutine runs on.
func Processor() int { return shardHint() }
