package bus

import (
	"sync"
)

// item is an event that waits for its subscriber.
type item[T any] struct {
	value T
	post
}

// queue is a subscriber's bounded FIFO. It has a worker while it has something to
// do: the goroutine begins with the first event and ends when none is left, so
// that a subscriber that hears nothing costs nothing, and nothing has to be stopped.
type queue[T any] struct {
	mu      sync.Mutex
	ring    []item[T] // its length is a power of two, or 0
	first   int
	waiting int
	limit   int
	shut    DropReason // why nothing is accepted; accepting when it is
	working bool
	// handling says that the worker has taken an event and not accounted for it.
	handling bool
	idle     chan struct{} // closed when the worker ends; nil when nobody waits for it
	account
}

// verdict is what became of an event at one queue.
type verdict uint8

const (
	taken   verdict = iota // queued, or dropped because the queue is full: nobody else is to have it
	absent                 // the subscriber is not running here
	refused                // the node drains
)

// put appends an event, or says why not. It starts no worker; start says that the
// caller has to.
func (q *queue[T]) put(v T, p post, nested bool) (got verdict, start bool) {
	q.mu.Lock()
	switch {
	case q.shut != accepting:
		q.dropped[q.shut]++
		q.mu.Unlock()
		return absent, false
	case !nested && p.edge.node.stop.Load()&draining != 0:
		q.mu.Unlock()
		return refused, false
	case q.waiting == q.limit:
		q.dropped[QueueFull]++
		q.mu.Unlock()
		return taken, false
	}
	if q.waiting == len(q.ring) {
		q.grow()
	}
	at := &q.ring[(q.first+q.waiting)&(len(q.ring)-1)]
	at.value, at.post = v, p
	q.waiting++
	q.accepted++
	start = !q.working
	q.working = true
	q.mu.Unlock()
	return taken, start
}

// grow doubles the ring. The lock is held.
func (q *queue[T]) grow() {
	ring := make([]item[T], max(16, 2*len(q.ring)))
	for i := range q.waiting {
		ring[i] = q.ring[(q.first+i)&(len(q.ring)-1)]
	}
	q.ring, q.first = ring, 0
}

// next accounts for the event that was handled, and takes the one that has waited
// longest. When there is none it ends the worker.
func (q *queue[T]) next(into *item[T], handled outcome) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.note(handled)
	q.handling = q.waiting > 0
	if q.waiting == 0 {
		q.working = false
		if q.idle != nil {
			close(q.idle)
			q.idle = nil
		}
		return false
	}
	at := &q.ring[q.first]
	*into = *at
	*at = item[T]{} // the ring keeps nothing alive
	q.first = (q.first + 1) & (len(q.ring) - 1)
	q.waiting--
	return true
}

// open lets events in.
func (q *queue[T]) open() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = accepting
}

// close keeps events out for a reason, and returns how many waited; these are
// dropped for the same reason.
func (q *queue[T]) close(reason DropReason) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	cut := q.waiting
	q.shut = reason
	q.dropped[reason] += uint64(cut)
	clear(q.ring)
	q.waiting = 0
	return cut
}

// busy is what to wait for until the worker has ended; nil when there is none.
func (q *queue[T]) busy() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.working {
		return nil
	}
	if q.idle == nil {
		q.idle = make(chan struct{})
	}
	return q.idle
}
