package natsbus

import (
	"errors"
	"net"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// dialer opens the sockets of a connection to NATS. stall is how long a write may
// wait for the other side to take anything; may says where it must not connect.
type dialer struct {
	net.Dialer

	stall time.Duration
	may   func(address string) error
}

// Dial connects.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	if err := d.may(address); err != nil {
		return nil, err
	}
	conn, err := d.Dialer.Dial(network, address)
	if err != nil {
		return nil, err
	}
	return newSocket(conn, d.stall), nil
}

// inProcess is dialer for a server in this process.
type inProcess struct {
	nats.InProcessConnProvider

	stall time.Duration
}

// InProcessConn connects.
func (p inProcess) InProcessConn() (net.Conn, error) {
	conn, err := p.InProcessConnProvider.InProcessConn()
	if err != nil {
		return nil, err
	}
	return newSocket(conn, p.stall), nil
}

// gatherLimit is how many bytes may wait for a write that is under way, 256 KiB; who
// has more waits for it. A buffer that became larger is not kept.
const gatherLimit = 256 << 10

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
// or ends in that time, so nothing gathers, and a peer that takes nothing stops all
// calls for a minute. So Write only hands over, to a goroutine that writes while there
// is something and then ends; on a quiet connection it writes itself, which saves
// waking the goroutine. And when a write fails nats.go throws away what was gathered
// for it, and goes on: events from before and after would look as if all had been
// sent. Here nothing is sent after a gap: the connection is closed, and every later
// Write returns the error.
type socket struct {
	net.Conn

	stall time.Duration

	mu      sync.Mutex
	changed sync.Cond // a write ended, or there is room again
	gather  []byte    // waits for the write that is under way
	pieces  int       // how many Writes are in gather
	spare   []byte    // the buffer that was written last
	alone   int       // how many writes in a row had one piece
	wrote   time.Time // when the last write ended
	writing bool
	failed  error // what ended the connection
}

func newSocket(conn net.Conn, stall time.Duration) *socket {
	s := &socket{Conn: conn, stall: stall}
	s.changed.L = &s.mu
	return s
}

// SetWriteDeadline does nothing: each write has its own, and setting one takes time.
func (s *socket) SetWriteDeadline(time.Time) error { return nil }

// Write takes all of p, or reports why the connection ended. It waits where gatherLimit
// bytes are waiting already, until the other side takes some of them, and for the
// stall at most.
func (s *socket) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.failed == nil && len(s.gather) > 0 && len(s.gather)+len(p) > gatherLimit {
		s.changed.Wait()
	}
	switch {
	case s.failed != nil:
		return 0, s.failed
	case s.quiet():
		return s.through(p)
	}
	s.gather = append(s.gather, p...)
	s.pieces++
	if !s.writing {
		s.writing = true
		go s.write()
	}
	return len(p), nil
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

// through writes p, and leaves to a goroutine what was gathered meanwhile.
func (s *socket) through(p []byte) (int, error) {
	s.writing = true
	s.mu.Unlock()
	err := s.writeAll(p)
	s.mu.Lock()
	if err != nil {
		s.fail(err)
		return 0, err
	}
	s.wrote = time.Now()
	if s.writing = s.pieces > 0; s.writing {
		go s.write()
	}
	s.changed.Broadcast()
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
		s.keep(p)
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

// keep has the buffer used again, unless one large message made it large.
func (s *socket) keep(p []byte) {
	if cap(p) > gatherLimit {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spare = p
}

// fail ends the connection; s.mu is held.
func (s *socket) fail(err error) {
	s.failed, s.gather, s.pieces, s.writing = err, nil, 0, false
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
	return s.Conn.Close()
}
