package natsbus

import (
	"errors"
	"net"
	"os"
	"time"

	"github.com/nats-io/nats.go"
)

// dialer opens the sockets of a connection to NATS. stall is how long a write may
// wait for the other side to take anything.
type dialer struct {
	net.Dialer

	stall time.Duration
}

// Dial connects.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	conn, err := d.Dialer.Dial(network, address)
	if err != nil {
		return nil, err
	}
	return &socket{conn, d.stall}, nil
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
	return &socket{conn, p.stall}, nil
}

// socket is a connection that ends with the first write that fails, and whose writes
// fail when the other side takes nothing. nats.go holds the lock of its connection
// while it writes, for a minute if need be: nobody else's call begins or ends in that
// time, and no ping is missed. And when a write fails it throws away what was
// gathered for it, and goes on: events from before and after would look as if all
// had been sent.
type socket struct {
	net.Conn

	stall time.Duration
}

// SetWriteDeadline does nothing: Write has its own, and setting one takes time.
func (s *socket) SetWriteDeadline(time.Time) error { return nil }

// Write goes on as long as it gets on.
func (s *socket) Write(p []byte) (written int, err error) {
	for {
		if err = s.Conn.SetWriteDeadline(time.Now().Add(s.stall)); err != nil {
			break
		}
		var n int
		n, err = s.Conn.Write(p[written:])
		written += n
		if err == nil || n == 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
	}
	if err != nil {
		_ = s.Close() // the error is the one to tell
	}
	return written, err
}
