package natsbus

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"sync"
	"time"
)

// gatherLimit is how many bytes may wait for a write that is under way, 256 KiB; who
// has more waits for it, see admit. A buffer that became larger is not kept.
const gatherLimit = 256 << 10

// throughTime is how long a write that is not handed over may hold up others.
const throughTime = time.Millisecond

// A connection is quiet when this many writes in a row had nothing to gather, and until
// one comes so soon after another that its sender must have waited for it.
const (
	quietAfter = 16
	soon       = 20 * time.Microsecond
)

// socket is a connection that gathers what is written while a write is under way, ends
// with the first write that fails, and whose writes fail when the other side takes
// nothing.
//
// nats.go holds the lock of its connection while it writes: nobody else's call begins
// or ends in that time, so nothing gathers, and a peer that takes little or nothing
// stops all calls. So Write never waits: it hands over to a goroutine that writes while
// there is something and then ends; on a quiet connection it writes itself, which saves
// waking the goroutine, and hands over what is not taken. Who sends waits before, in
// admit, where its own context can end it. And when a write fails nats.go throws away
// what was gathered for it, and goes on: events from before and after would look as if
// all had been sent. Here nothing is sent after a gap: the connection is closed, and
// every later Write returns the error.
type socket struct {
	net.Conn

	stall time.Duration
	ended func() // called once or twice, when it ends

	mu       sync.Mutex
	changed  sync.Cond     // a write ended
	room     chan struct{} // closed when bytes were taken, or the connection ended; nil: nobody waits
	admitted int           // bytes that were admitted and are not written
	gather   []byte        // waits for the write that is under way
	pieces   int           // how many Writes are in gather
	spare    []byte        // the buffer that was written last
	alone    int           // how many writes in a row had one piece
	wrote    time.Time     // when the last write ended
	writing  bool
	failed   error // what ended the connection
}

func newSocket(conn net.Conn, stall time.Duration) *socket {
	s := &socket{Conn: conn, stall: stall, ended: func() {}}
	s.changed.L = &s.mu
	return s
}

// SetWriteDeadline does nothing: each write has its own, and setting one takes time.
func (s *socket) SetWriteDeadline(time.Time) error { return nil }

// errSlow is the end of somebody's patience.
var errSlow = errors.New("the connection to NATS takes less than is sent")

// admit waits until a message of so many bytes may be written: one that has more than
// its share is admitted alone. It waits until ctx ends, and for patience at most if that
// is not 0. A socket that has ended admits everything: that nothing can be sent is for
// who sends to find.
func (s *socket) admit(ctx context.Context, bytes int, patience time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var late <-chan time.Time
	for s.failed == nil && s.admitted > 0 && s.admitted+bytes > gatherLimit {
		if late == nil && patience > 0 {
			timer := time.NewTimer(patience)
			defer timer.Stop()
			late = timer.C
		}
		if err := s.await(ctx, late); err != nil {
			return err
		}
	}
	s.admitted += bytes
	return nil
}

// await waits for room; s.mu is held, but not meanwhile.
func (s *socket) await(ctx context.Context, late <-chan time.Time) error {
	if s.room == nil {
		s.room = make(chan struct{})
	}
	room := s.room
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-room:
		return nil
	case <-late:
		return errSlow
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release takes back what was admitted and is not written.
func (s *socket) release(bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left(bytes)
}

// left makes room for as many bytes; s.mu is held. What the protocol adds to messages
// was not admitted, so that it can be less than is known of.
func (s *socket) left(bytes int) {
	s.admitted = max(0, s.admitted-bytes)
	if s.room != nil {
		close(s.room)
		s.room = nil
	}
}

// Write takes all of p, or reports why the connection ended. It never waits.
func (s *socket) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.failed != nil:
		return 0, s.failed
	case s.quiet():
		return s.through(p)
	}
	s.hand(p)
	return len(p), nil
}

// hand leaves p to the goroutine that writes; s.mu is held.
func (s *socket) hand(p []byte) {
	s.gather = append(s.gather, p...)
	s.pieces++
	if !s.writing {
		s.writing = true
		go s.write()
	}
}

// quiet reports whether nobody else is likely to write meanwhile.
func (s *socket) quiet() bool {
	if s.writing || s.alone < quietAfter {
		return false
	}
	if time.Since(s.wrote) < soon {
		s.alone = 0
	}
	return s.alone > 0
}

// through writes p, and leaves to a goroutine what is not taken immediately.
func (s *socket) through(p []byte) (int, error) {
	err := s.Conn.SetWriteDeadline(time.Now().Add(throughTime))
	n := 0
	if err == nil {
		n, err = s.Conn.Write(p)
	}
	s.left(n)
	s.wrote = time.Now()
	switch {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.alone = 0
		s.hand(p[n:])
	default:
		s.fail(err)
		return n, err
	}
	return len(p), nil
}

// write writes what is gathered until there is nothing. It lets those go first that
// are about to write: where many are, one write serves them all.
func (s *socket) write() {
	for {
		runtime.Gosched()
		p := s.take()
		if len(p) == 0 {
			return
		}
		if err := s.writeAll(p); err != nil {
			s.mu.Lock()
			s.fail(err)
			s.mu.Unlock()
			return
		}
		s.done(p)
	}
}

// take is what is to be written; nothing ends the goroutine.
func (s *socket) take() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.gather
	switch s.gather, s.spare = s.spare[:0], nil; s.pieces {
	case 0:
		s.wrote = time.Now()
	case 1:
		s.alone++
	default:
		s.alone = 0
	}
	s.writing, s.pieces = len(p) > 0, 0
	s.changed.Broadcast()
	return p
}

// done makes room, and has the buffer used again unless one large message made it large.
func (s *socket) done(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left(len(p))
	if cap(p) <= gatherLimit {
		s.spare = p
	}
}

// fail ends the connection; s.mu is held.
func (s *socket) fail(err error) {
	s.failed, s.gather, s.pieces, s.writing = err, nil, 0, false
	s.ended()
	s.left(s.admitted)
	s.changed.Broadcast()
	_ = s.Conn.Close() // the error is the one to report
}

// writeAll goes on as long as it gets on.
func (s *socket) writeAll(p []byte) error {
	for {
		if err := s.Conn.SetWriteDeadline(time.Now().Add(s.stall)); err != nil {
			return err
		}
		n, err := s.Conn.Write(p)
		p = p[n:]
		if err == nil || n == 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
}

// Close closes the connection when what was handed over has been written, cannot be,
// or was not for as long as a stall may last.
func (s *socket) Close() error {
	s.ended()
	late := time.AfterFunc(s.stall, func() { _ = s.Conn.Close() }) // ends the write
	defer late.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.writing {
		s.changed.Wait()
	}
	if s.failed == nil {
		s.failed = net.ErrClosed
	}
	s.left(s.admitted)
	return s.Conn.Close()
}
