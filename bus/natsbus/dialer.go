package natsbus

import (
	"net"

	"github.com/nats-io/nats.go"
)

// dialer opens the sockets of a connection to NATS.
type dialer struct {
	net.Dialer
	*transport
}

// Dial connects.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	if err := d.mayDial(address); err != nil {
		return nil, err
	}
	conn, err := d.Dialer.Dial(network, address)
	return d.opened(conn, err)
}

// inProcess is dialer for a server in this process.
type inProcess struct {
	nats.InProcessConnProvider
	*transport
}

// InProcessConn connects.
func (p inProcess) InProcessConn() (net.Conn, error) {
	conn, err := p.InProcessConnProvider.InProcessConn()
	return p.opened(conn, err)
}

// opened keeps the socket: senders ask it for room. A socket that ends is what is known
// first of a connection that is lost.
func (t *transport) opened(conn net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	s := newSocket(conn, t.config.PingInterval/2)
	s.ended = func() {
		if t.socket.Load() == s {
			t.up.Store(false)
		}
	}
	t.socket.Store(s)
	return s, nil
}
