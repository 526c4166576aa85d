package testnats

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Way is a direction through a Proxy.
type Way uint8

// The two directions.
const (
	ToServer Way = 1 << iota
	ToClient

	bothWays = ToServer | ToClient
)

// Proxy stands between clients and a server and can make the network between
// them fail. A fault holds until the next one, or until Release.
type Proxy struct {
	t        testing.TB
	listener net.Listener
	target   string

	mu      sync.Mutex
	fault   fault
	changed chan struct{} // closed when the fault changes
	conns   map[net.Conn]bool
	mute    map[net.Conn]bool // among them: nobody is behind these
	closed  bool
	loops   sync.WaitGroup
}

// fault is what the network does. The zero value is nothing.
type fault struct {
	cut    Way           // lets nothing through
	delay  time.Duration // everything comes so much later
	rate   int           // bytes in a second and in each direction; 0: as many as there are
	silent bool          // who connects is accepted, and never answered
}

// NewProxy listens on a free port and forwards to target, a host and port.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		t: t, listener: l, target: target, changed: make(chan struct{}),
		conns: map[net.Conn]bool{}, mute: map[net.Conn]bool{},
	}
	p.loops.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// URL is where clients connect to.
func (p *Proxy) URL() string { return "nats://" + p.listener.Addr().String() }

// Hold lets nothing through in either direction while connections stay open: a
// partition, as neither side sees it at first.
func (p *Proxy) Hold() { p.become(fault{cut: bothWays}) }

// Cut is Hold in one direction.
func (p *Proxy) Cut(w Way) { p.become(fault{cut: w}) }

// Delay lets everything arrive later by d, in both directions.
func (p *Proxy) Delay(d time.Duration) { p.become(fault{delay: d}) }

// Rate lets so many bytes a second through, in each direction.
func (p *Proxy) Rate(bytes int) { p.become(fault{rate: bytes}) }

// Silence ends all connections, and accepts others behind which there is nobody.
func (p *Proxy) Silence() {
	p.become(fault{silent: true})
	p.Reset()
}

// Release ends a fault; what was held back goes through.
func (p *Proxy) Release() {
	p.become(fault{})
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.mute {
		reset(c)
	}
}

func (p *Proxy) become(f fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
	close(p.changed)
	p.changed = make(chan struct{})
}

// Reset ends all connections at once.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		reset(c)
	}
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // RST instead of FIN
	}
	_ = c.Close()
}

func (p *Proxy) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
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
		if p.isSilent(near) {
			p.loops.Go(func() {
				defer p.drop(near)
				_, _ = io.Copy(io.Discard, near)
			})
			continue
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		p.keep(near, far)
		p.join(ToServer, near, far)
		p.join(ToClient, far, near)
	}
}

// isSilent reports whether nobody is to be behind a new connection, and keeps it then.
func (p *Proxy) isSilent(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault.silent {
		p.conns[c], p.mute[c] = true, true
	}
	return p.fault.silent
}

// keep notes connections that Reset ends. What comes after the end is closed.
func (p *Proxy) keep(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
		if p.closed {
			_ = c.Close()
		}
	}
}

func (p *Proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
		delete(p.conns, c)
		delete(p.mute, c)
	}
}

// parcel is what was read at once.
type parcel struct {
	came time.Time
	data []byte
}

// join forwards in one direction: one goroutine reads, so that what comes later is
// not delayed by what came before, and another writes.
func (p *Proxy) join(w Way, from, to net.Conn) {
	parcels := make(chan parcel, 256) // 1 MiB at most
	p.loops.Go(func() {
		defer close(parcels)
		for {
			buffer := make([]byte, 4<<10)
			n, err := from.Read(buffer)
			if n > 0 {
				parcels <- parcel{time.Now(), buffer[:n]}
			}
			if err != nil {
				return
			}
		}
	})
	p.loops.Go(func() {
		defer p.drop(from, to)
		for next := range parcels {
			if err := p.pass(w, next, to); err != nil {
				break
			}
		}
		p.await(w, time.Time{}) // an end passes like everything else
		p.drop(from, to)
		for range parcels { // nobody is to wait for room
		}
	})
}

// pass writes what was read, as soon as and as fast as the fault lets it.
func (p *Proxy) pass(w Way, next parcel, to net.Conn) error {
	for len(next.data) > 0 {
		rate := p.await(w, next.came)
		n := len(next.data)
		if rate > 0 {
			n = min(n, max(rate/16, 1))
			next.came = time.Now()
			p.during(time.Duration(n) * time.Second / time.Duration(rate))
		}
		if _, err := to.Write(next.data[:n]); err != nil {
			return err
		}
		next.data = next.data[n:]
	}
	return nil
}

// await blocks until what came at a time may go on, and gives the rate.
func (p *Proxy) await(w Way, came time.Time) (rate int) {
	for {
		p.mu.Lock()
		f, changed := p.fault, p.changed
		p.mu.Unlock()
		left := time.Until(came.Add(f.delay))
		switch {
		case f.cut&w != 0:
			<-changed
		case f.delay > 0 && left > 0:
			p.during(left)
		default:
			return f.rate
		}
	}
}

// during waits for d, or until the fault changes.
func (p *Proxy) during(d time.Duration) {
	p.mu.Lock()
	changed := p.changed
	p.mu.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	}
}
