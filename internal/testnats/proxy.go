package testnats

import (
	"net"
	"sync"
	"testing"
)

// Proxy stands between clients and a server and can make the network between
// them fail.
type Proxy struct {
	t        testing.TB
	listener net.Listener
	target   string

	mu    sync.Mutex
	held  bool
	wake  chan struct{} // closed when held becomes false
	conns map[net.Conn]bool
	loops sync.WaitGroup
}

// NewProxy listens on a free port and forwards to target, a host and port.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{t: t, listener: l, target: target, wake: make(chan struct{}), conns: map[net.Conn]bool{}}
	p.loops.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// URL is where clients connect to.
func (p *Proxy) URL() string { return "nats://" + p.listener.Addr().String() }

// Hold lets nothing through in either direction while connections stay open: a
// partition, as neither side sees it at first.
func (p *Proxy) Hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = true
}

// Release ends a Hold; what was held back goes through.
func (p *Proxy) Release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held {
		p.held = false
		close(p.wake)
		p.wake = make(chan struct{})
	}
}

// Reset ends all connections at once.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // RST instead of FIN
		}
		_ = c.Close()
	}
}

func (p *Proxy) close() {
	_ = p.listener.Close()
	p.Release()
	p.Reset()
	p.loops.Wait()
}

func (p *Proxy) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		p.keep(near, far)
		p.loops.Go(func() { p.forward(near, far) })
		p.loops.Go(func() { p.forward(far, near) })
	}
}

func (p *Proxy) keep(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
	}
}

func (p *Proxy) forward(from, to net.Conn) {
	defer p.drop(from, to)
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.await()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// await blocks while the proxy holds.
func (p *Proxy) await() {
	for {
		p.mu.Lock()
		held, wake := p.held, p.wake
		p.mu.Unlock()
		if !held {
			return
		}
		<-wake
	}
}

func (p *Proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
		delete(p.conns, c)
	}
}
