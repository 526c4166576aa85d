// Package spool stands between a process and who reads what it prints.
//
// A write to a pipe waits when its reader stalls, and one to a terminal that is gone
// fails. A call or a stop that logs must not depend on either, so what is printed is
// queued, and one goroutine writes it: in order, also across standard output and
// standard error. The queue is bounded; what does not fit is dropped and counted.
package spool

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Limit is how many bytes wait for a reader at most.
const Limit = 1 << 20

// Spool queues writes. It is safe for concurrent use.
type Spool struct {
	// overflowed is called on the writing goroutine when the reader has caught up
	// again, with the number of writes that were dropped meanwhile.
	overflowed atomic.Pointer[func(dropped uint64)]

	full, failed atomic.Uint64

	mu     sync.Mutex
	queue  []write
	size   int // bytes that are queued or being written
	closed bool

	wake chan struct{} // holds one token when there may be something to do
	done chan struct{}
}

type write struct {
	to   io.Writer
	text []byte
}

// New makes a spool and starts its goroutine, which Close ends.
func New() *Spool {
	s := &Spool{wake: make(chan struct{}, 1), done: make(chan struct{})}
	go s.run()
	return s
}

// OnOverflow sets what is called when the reader has caught up after writes were
// dropped. It may write to the spool.
func (s *Spool) OnOverflow(f func(dropped uint64)) { s.overflowed.Store(&f) }

// To gives a writer that queues for w. Its writes never wait and never fail.
func (s *Spool) To(w io.Writer) io.Writer { return outlet{s, w} }

type outlet struct {
	spool *Spool
	to    io.Writer
}

// Write implements io.Writer.
func (o outlet) Write(text []byte) (int, error) {
	o.spool.add(write{o.to, bytes.Clone(text)})
	return len(text), nil
}

// Full is how many writes were dropped because too much was queued already, Failed
// how many nobody took: their file was closed or full.
func (s *Spool) Full() uint64 { return s.full.Load() }

// Failed is described at Full.
func (s *Spool) Failed() uint64 { return s.failed.Load() }

func (s *Spool) add(w write) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.size+len(w.text) > Limit {
		s.full.Add(1)
		return
	}
	s.queue = append(s.queue, w)
	s.size += len(w.text)
	s.notify()
}

func (s *Spool) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Close takes no more, and waits until what is queued is written, for as long as
// patience says: who has stopped reading does not keep the process.
func (s *Spool) Close(patience time.Duration) {
	s.mu.Lock()
	s.closed = true
	s.notify()
	s.mu.Unlock()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-s.done:
	case <-limit.C:
	}
}

// run writes what is queued until the spool is closed and empty.
func (s *Spool) run() {
	defer close(s.done)
	var said uint64
	for range s.wake {
		batch, closed := s.take()
		for ; len(batch) > 0; batch, closed = s.take() {
			s.flush(batch)
		}
		if closed {
			return
		}
		if f, dropped := s.overflowed.Load(), s.Full(); dropped > said && f != nil {
			(*f)(dropped - said)
			said = dropped
		}
	}
}

// take gives what is queued. Nothing more can come when that is nothing and the spool is
// closed.
func (s *Spool) take() (batch []write, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch, s.queue = s.queue, nil
	return batch, s.closed
}

// flush writes one by one, as without a spool: a line that fits into a pipe's atomic
// write is not mixed with those of other processes.
func (s *Spool) flush(batch []write) {
	for _, w := range batch {
		if _, err := w.to.Write(w.text); err != nil {
			s.failed.Add(1)
		}
		s.mu.Lock()
		s.size -= len(w.text)
		s.mu.Unlock()
	}
}
