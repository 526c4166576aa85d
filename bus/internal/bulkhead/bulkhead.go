// Package bulkhead is the state of a bulkhead: who has one of its places, and who waits.
package bulkhead

import (
	"container/list"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// ErrFull says that nobody else may wait.
var ErrFull = errors.New("the queue is full")

// Bulkhead has as many tokens as calls may run. They lie where they were last given
// back, in the part of that processor, and a call looks there first: while there are
// tokens, processors do not meet.
type Bulkhead struct {
	parts    []tokens
	room     int          // in the queue
	waiting  atomic.Int64 // who is in the queue or on the way into it
	_        [56]byte     // waiting is read by every call, what follows is written
	mu       sync.Mutex
	queue    list.List // of chan struct{}, closed when its call may run
	rejected atomic.Uint64
}

type tokens struct {
	free atomic.Int64
	_    [56]byte // the neighbour in memory is another processor's
}

// New is one with room for so many calls, and so many more that wait.
func New(concurrency, queue int) *Bulkhead {
	b := &Bulkhead{room: queue, parts: make([]tokens, max(runtime.NumCPU(), runtime.GOMAXPROCS(0)))}
	for i := range concurrency {
		b.parts[i%len(b.parts)].free.Add(1)
	}
	return b
}

// Take takes a token from the own part, or from any other that has one.
func (b *Bulkhead) Take() bool {
	here := uint(counters.Processor())
	for i := range uint(len(b.parts)) {
		part := &b.parts[(here+i)%uint(len(b.parts))]
		for n := part.free.Load(); n > 0; n = part.free.Load() {
			if part.free.CompareAndSwap(n, n-1) {
				return true
			}
		}
	}
	return false
}

// Wait waits for a token, as long as await does for its channel to be closed. The error
// is await's, or ErrFull.
func (b *Bulkhead) Wait(await func(<-chan struct{}) error) error {
	granted, place, err := b.line()
	if granted == nil {
		return err
	}
	if err = await(granted); err != nil {
		b.giveUp(granted, place)
	}
	return err
}

// line takes a place in the queue. The announcement comes before the second look
// for a token, and Give gives its token before it looks for an announcement:
// whichever is first, the token is found. A nil channel is the end of it: with a
// token, or with an error.
func (b *Bulkhead) line() (chan struct{}, *list.Element, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting.Add(1)
	if b.Take() {
		b.waiting.Add(-1)
		return nil, nil, nil
	}
	if b.queue.Len() >= b.room {
		b.waiting.Add(-1)
		b.rejected.Add(1)
		return nil, nil, ErrFull
	}
	granted := make(chan struct{})
	return granted, b.queue.PushBack(granted), nil
}

// giveUp leaves the queue; a token that came meanwhile goes to the next.
func (b *Bulkhead) giveUp(granted chan struct{}, place *list.Element) {
	b.mu.Lock()
	select {
	case <-granted:
		b.mu.Unlock()
		b.Give()
	default:
		b.queue.Remove(place)
		b.waiting.Add(-1)
		b.mu.Unlock()
	}
}

// Give gives a token back, to whoever waits longest.
func (b *Bulkhead) Give() {
	b.parts[uint(counters.Processor())%uint(len(b.parts))].free.Add(1)
	if b.waiting.Load() == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for first := b.queue.Front(); first != nil && b.Take(); first = b.queue.Front() {
		granted, _ := b.queue.Remove(first).(chan struct{})
		b.waiting.Add(-1)
		close(granted)
	}
}

// Load is how many wait now, and how many could not since it was made.
func (b *Bulkhead) Load() (waiting int, rejected uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.queue.Len(), b.rejected.Load()
}
