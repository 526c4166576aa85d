package natsbus

import (
	"slices"
	"sync"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// maxPeers bounds how many nodes are kept: whoever may publish can make some up.
const maxPeers = 4096

// peers are the other nodes that were heard of lately, by run. It has no clock of
// its own.
type peers struct {
	timeout time.Duration

	mu    sync.Mutex
	known map[string]*neighbour
}

// neighbour is a node and until when it counts as there.
type neighbour struct {
	bus.Peer

	patience time.Duration
	until    time.Time
}

func newPeers(timeout time.Duration) *peers {
	return &peers{timeout: timeout, known: map[string]*neighbour{}}
}

// hear notes that a node is there, and reports whether that is news. A node that
// says that it beats more seldom than fits the timeout gets the time for three
// beats: one that was configured otherwise is not lost for it.
func (p *peers) hear(b beat, now time.Time) (bus.Peer, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.known[b.Run]
	if n == nil && len(p.known) >= maxPeers {
		return bus.Peer{}, false
	}
	joined := n == nil
	if joined {
		n = &neighbour{}
		p.known[b.Run] = n
	}
	n.Peer = bus.Peer{Node: b.Node, Run: b.Run, Services: b.Services, Started: b.Started, Seen: now}
	n.patience = max(p.timeout, 3*b.every())
	n.until = now.Add(n.patience)
	return n.copied(), joined
}

// leave forgets a node that says goodbye, and reports whether it was known.
func (p *peers) leave(run string) (bus.Peer, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, known := p.known[run]
	if !known {
		return bus.Peer{}, false
	}
	delete(p.known, run)
	return n.copied(), true
}

// expire forgets the nodes that were not heard of for too long.
func (p *peers) expire(now time.Time) (lost []bus.Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for run, n := range p.known {
		if !now.Before(n.until) {
			delete(p.known, run)
			lost = append(lost, n.copied())
		}
	}
	return lost
}

// next is when the first of them expires, or later if none does before.
func (p *peers) next(later time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.known {
		if n.until.Before(later) {
			later = n.until
		}
	}
	return later
}

// spare gives all of them their full time again: this process did not run, and could
// not have heard of them.
func (p *peers) spare(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.known {
		n.until = now.Add(n.patience)
	}
}

func (p *peers) list() []bus.Peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]bus.Peer, 0, len(p.known))
	for _, n := range p.known {
		all = append(all, n.copied())
	}
	return all
}

// copied shares no memory with what changes later.
func (n *neighbour) copied() bus.Peer {
	c := n.Peer
	c.Services = slices.Clone(c.Services)
	return c
}
