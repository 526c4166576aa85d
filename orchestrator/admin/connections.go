package admin

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// patience is how long a connection keeps its place at least while it waits. Without it, clients that come back as fast as they
// are thrown out would throw others out before these have sent their first line.
const patience = 100 * time.Millisecond

// connections is a listener that bounds how many clients are connected at once. At the bound a newcomer takes the place of
// the connection that has waited longest without a request being served, so that idle and slow clients cannot lock a
// probe out. A connection waits until all of a request is here and may pass. A quarter of the places is never given to
// requests that can last, so that there is always one that waits to be taken.
type connections struct {
	net.Listener
	max     int
	lasting int // how many of them may be served a request that is no probe

	mu      sync.Mutex
	changed sync.Cond // signalled when a place may have become free
	open    map[*connection]bool
	busy    int // connections that are served a request that is no probe
	closed  bool
}

// connection is a client's connection that holds one of the places.
type connection struct {
	net.Conn
	home  *connections
	since time.Time // waiting; zero while a request is served
	busy  bool      // is served a request that is no probe
}

func limitConnections(l net.Listener, limit int) *connections {
	c := &connections{Listener: l, max: limit, lasting: limit - limit/4, open: map[*connection]bool{}}
	c.changed.L = &c.mu
	return c
}

// Accept waits for the next connection and for a place for it.
func (l *connections) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.open) >= l.max && !l.closed {
		l.makeRoom()
	}
	if l.closed {
		_ = raw.Close()
		return nil, net.ErrClosed
	}
	c := &connection{Conn: raw, home: l, since: time.Now()}
	l.open[c] = true
	return c, nil
}

// makeRoom evicts the connection that has waited longest, or waits until there is one that has waited long enough. l.mu is held.
func (l *connections) makeRoom() {
	var oldest *connection
	for c := range l.open {
		if c.waits() && (oldest == nil || c.since.Before(oldest.since)) {
			oldest = c
		}
	}
	if oldest == nil {
		l.changed.Wait()
		return
	}
	if left := patience - time.Since(oldest.since); left > 0 {
		alarm := time.AfterFunc(left, l.wake)
		l.changed.Wait()
		alarm.Stop()
		return
	}
	l.evict(oldest)
}

// evict takes c's place; the HTTP server notices by itself that the socket under it is closed. l.mu is held.
func (l *connections) evict(c *connection) {
	l.leave(c)
	_ = c.Conn.Close()
}

// wake takes the lock, so that it cannot come between a look at the connections and the wait for a change.
func (l *connections) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed.Broadcast()
}

// Close stops accepting, and closes the connections that wait; those that are served stay.
func (l *connections) Close() error {
	l.mu.Lock()
	l.closed = true
	for c := range l.open {
		if c.waits() {
			l.evict(c)
		}
	}
	l.changed.Broadcast()
	l.mu.Unlock()
	return l.Listener.Close()
}

// leave gives c's place back, once. l.mu is held.
func (l *connections) leave(c *connection) {
	if l.open[c] {
		delete(l.open, c)
		c.rest()
		l.changed.Signal()
	}
}

// Close closes the connection and gives its place back.
func (c *connection) Close() error {
	c.home.mu.Lock()
	c.home.leave(c)
	c.home.mu.Unlock()
	return c.Conn.Close()
}

// CloseWrite ends the sending half. The HTTP server does it before it closes on a client that still sends, so that the client
// gets to read the answer. Nothing more will come of the connection, so it is the next to go.
func (c *connection) CloseWrite() error {
	c.home.mu.Lock()
	c.since = time.Unix(0, 0)
	c.home.changed.Signal()
	c.home.mu.Unlock()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// serve marks that a request has been read and is being answered: c cannot be evicted until wait is called. It reports false
// if as many are served as may be; a probe always is.
func (c *connection) serve(probe bool) bool {
	c.home.mu.Lock()
	defer c.home.mu.Unlock()
	if !probe && c.home.busy >= c.home.lasting {
		return false
	}
	c.since = time.Time{}
	if !probe && !c.busy && c.home.open[c] {
		c.busy = true
		c.home.busy++
	}
	return true
}

// rest gives back what serve took. home.mu is held.
func (c *connection) rest() {
	if c.busy {
		c.busy = false
		c.home.busy--
	}
}

// wait marks that the answer has been written in full.
func (c *connection) wait() {
	c.home.mu.Lock()
	defer c.home.mu.Unlock()
	c.rest()
	if !c.waits() {
		c.since = time.Now()
		c.home.changed.Signal()
	}
}

func (c *connection) waits() bool { return !c.since.IsZero() }

type connectionKey struct{}

// remember is an http.Server's ConnContext: it lets markServing find the connection of a request.
func remember(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, c)
}

// markServing keeps the connection of r from being evicted until its answer is written. It reports false if too many are.
func markServing(r *http.Request, probe bool) bool {
	c, ok := r.Context().Value(connectionKey{}).(*connection)
	return !ok || c.serve(probe)
}

// markIdle is an http.Server's ConnState. StateIdle comes when the answer has been flushed, which a handler's return does not say.
func markIdle(c net.Conn, state http.ConnState) {
	if c, ok := c.(*connection); ok && state == http.StateIdle {
		c.wait()
	}
}
