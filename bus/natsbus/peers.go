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

	mu       sync.Mutex
	known    map[string]*neighbour
	gone     map[string]time.Time // runs that said goodbye, and until when that is remembered
	services map[string]int       // how many of the known serve each
	lacking  lacking
}

// neighbour is a node and until when it counts as there.
type neighbour struct {
	bus.Peer

	patience time.Duration
	until    time.Time
}

func newPeers(timeout time.Duration) *peers {
	return &peers{timeout: timeout, known: map[string]*neighbour{}, gone: map[string]time.Time{}, services: map[string]int{}}
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
	p.count(n.Services, -1)
	p.count(b.Services, 1)
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
	p.remove(n)
	return n.copied(), true
}

// remove forgets a node. The lock is held.
func (p *peers) remove(n *neighbour) {
	delete(p.known, n.Run)
	p.count(n.Services, -1)
	p.lacking.remove(n.Run)
}

// count notes that so many more nodes serve the services. The lock is held.
func (p *peers) count(services []string, more int) {
	for _, s := range services {
		if p.services[s] += more; p.services[s] <= 0 {
			delete(p.services, s)
		}
	}
}

// serve reports whether a node that is known serves the service.
func (p *peers) serve(service string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.services[service] > 0
}

// expire forgets the nodes that were not heard of for too long.
func (p *peers) expire(now time.Time) (lost []bus.Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.gone, func(_ string, until time.Time) bool { return !now.Before(until) })
	for _, n := range p.known {
		if !now.Before(n.until) {
			p.remove(n)
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
