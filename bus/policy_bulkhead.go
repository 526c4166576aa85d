package bus

import (
	"container/list"
	"runtime"
	"sync"
	"sync/atomic"
)

// ErrBulkheadFull is the reason of a ResourceExhausted error that a bulkhead
// answers: the action was not called.
var ErrBulkheadFull = NewError(ResourceExhausted, "bus.bulkheadFull")

// BulkheadPolicy says how many calls may be in progress at once.
type BulkheadPolicy struct {
	// Concurrency is how many calls run at once. Default: 64.
	Concurrency int
	// Queue is how many more may wait for one of them to end. Default: 0, none.
	Queue int
}

// Bulkhead bounds how many calls of an action are in progress, so that a slow
// callee does not take all of its caller's goroutines, and a burst does not reach
// the callee at once. A call beyond the bound waits in the queue, first come first
// served, as long as its deadline allows; a call beyond the queue is answered at
// once with ResourceExhausted and the reason of ErrBulkheadFull.
func Bulkhead(p BulkheadPolicy) Policy {
	wrong := limits{policy: "Bulkhead"}
	wrong.atLeastZero("Concurrency", p.Concurrency >= 0, p.Concurrency)
	wrong.atLeastZero("Queue", p.Queue >= 0, p.Queue)
	p.Concurrency = orDefault(p.Concurrency, 64)
	return Policy{bulkhead: &p, problem: wrong.problem()}
}

// bulkhead is a BulkheadPolicy at work: as many tokens as calls may run. They lie
// where they were last given back, in the part of that processor, and a call looks
// there first: while there are tokens, processors do not meet.
type bulkhead struct {
	*BulkheadPolicy

	parts    []tokens
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

func newBulkhead(p *BulkheadPolicy) *bulkhead {
	b := &bulkhead{BulkheadPolicy: p, parts: make([]tokens, max(runtime.NumCPU(), runtime.GOMAXPROCS(0)))}
	for i := range p.Concurrency {
		b.parts[i%len(b.parts)].free.Add(1)
	}
	return b
}

// enter takes a token, and waits for one if that is allowed.
func (b *bulkhead) enter(t *trip) error {
	if b.take() {
		return nil
	}
	granted, place, err := b.line(t)
	if granted == nil {
		return err
	}
	if err = t.wait(granted); err != nil {
		b.giveUp(granted, place)
	}
	return err
}

// take takes a token from the own part, or from any other that has one.
func (b *bulkhead) take() bool {
	here := uint(processor())
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

// line takes a place in the queue. The announcement comes before the second look
// for a token, and leave gives its token before it looks for an announcement:
// whichever is first, the token is found. A nil channel is the end of it: with a
// token, or with an error.
func (b *bulkhead) line(t *trip) (chan struct{}, *list.Element, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting.Add(1)
	if b.take() {
		b.waiting.Add(-1)
		return nil, nil, nil
	}
	if b.queue.Len() >= b.Queue {
		b.waiting.Add(-1)
		b.rejected.Add(1)
		return nil, nil, t.full(b)
	}
	granted := make(chan struct{})
	return granted, b.queue.PushBack(granted), nil
}

// giveUp leaves the queue; a token that came meanwhile goes to the next.
func (b *bulkhead) giveUp(granted chan struct{}, place *list.Element) {
	b.mu.Lock()
	select {
	case <-granted:
		b.mu.Unlock()
		b.leave()
	default:
		b.queue.Remove(place)
		b.waiting.Add(-1)
		b.mu.Unlock()
	}
}

// leave gives a token back, to whoever waits longest.
func (b *bulkhead) leave() {
	b.parts[uint(processor())%uint(len(b.parts))].free.Add(1)
	if b.waiting.Load() == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for first := b.queue.Front(); first != nil && b.take(); first = b.queue.Front() {
		granted, _ := b.queue.Remove(first).(chan struct{})
		b.waiting.Add(-1)
		close(granted)
	}
}

func (b *bulkhead) report(s *PolicyStats) {
	if s.Bulkhead == nil {
		s.Bulkhead = &BulkheadStats{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s.Bulkhead.Waiting += b.queue.Len()
	s.Bulkhead.Rejected += b.rejected.Load()
}
