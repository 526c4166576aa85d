package natsbus

import (
	"maps"
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
	gone  map[string]time.Time // runs that said goodbye, and until when that is remembered
}

// neighbour is a node and until when it counts as there.
type neighbour struct {
	bus.Peer

	patience time.Duration
	until    time.Time
}

func newPeers(timeout time.Duration) *peers {
	return &peers{timeout: timeout, known: map[string]*neighbour{}, gone: map[string]time.Time{}}
}

// news is what a sign of life says of a node.
type news uint8

const (
	nothingNew news = iota
	joined          // it was not known
	changed         // it serves other services
)

// hear notes that a node is there, and reports what is new about that. A run that said
// goodbye does not come back, though an earlier word of it may come late. A node that
// says that it beats more seldom than fits the timeout gets the time for three
// beats: one that was configured otherwise is not lost for it.
func (p *peers) hear(b beat, now time.Time) (bus.Peer, news) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, what := p.known[b.Run], nothingNew
	switch _, gone := p.gone[b.Run]; {
	case gone, n == nil && len(p.known) >= maxPeers:
		return bus.Peer{}, nothingNew
	case n == nil:
		n, what = &neighbour{}, joined
		p.known[b.Run] = n
	case !slices.Equal(n.Services, b.Services):
		what = changed
	}
	n.Peer = bus.Peer{Node: b.Node, Run: b.Run, Services: b.Services, Started: b.Started, Seen: now}
	n.patience = max(p.timeout, 3*b.every())
	n.until = now.Add(n.patience)
	return n.copied(), what
}

// leave forgets a node that says goodbye, and reports whether it was known.
func (p *peers) leave(run string, now time.Time) (bus.Peer, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.gone) < maxPeers {
		p.gone[run] = now.Add(p.timeout)
	}
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
	maps.DeleteFunc(p.gone, func(_ string, until time.Time) bool { return !now.Before(until) })
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
