package bus

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Peer is a node that others can reach.
type Peer struct {
	Node     string    `json:"node"`     // its id: Options.NodeID
	Run      string    `json:"run"`      // which run of it: another one after a restart
	Services []string  `json:"services"` // that it serves for others, sorted
	Started  time.Time `json:"started"`  // by its own clock
	Seen     time.Time `json:"seen"`     // when it was last heard of, by this node's clock
}

// Why a peer left.
const (
	PeerStopped = "stopped" // it said that it stops
	PeerLost    = "lost"    // it was not heard of for too long: it died, or cannot be reached
)

// Departure is what NodeLeft tells.
type Departure struct {
	Peer

	Reason string `json:"reason"` // PeerStopped or PeerLost
}

// NodeJoined tells the services of this process that another one can be reached. It
// never leaves the process. A node joins before it serves anything: NodeChanged tells
// of that. Who was there before a service started is in Bus.Peers.
var NodeJoined = newOwn[Peer]("bus.nodeJoined").
	Doc("Another node can be reached.").
	Example(Peer{Node: "dev-0a1b2c3d", Run: "4e5f6a7b8c", Services: []string{}})

// NodeChanged tells the services of this process that another one serves other services
// than before. It never leaves the process.
var NodeChanged = newOwn[Peer]("bus.nodeChanged").
	Doc("Another node serves other services than before.").
	Example(Peer{Node: "dev-0a1b2c3d", Run: "4e5f6a7b8c", Services: []string{"apps", "pricing"}})

// NodeLeft tells the services of this process that another one cannot be reached any
// more. It never leaves the process.
var NodeLeft = newOwn[Departure]("bus.nodeLeft").
	Doc("Another node has stopped, or was lost.").
	Example(Departure{Peer: Peer{Node: "dev-0a1b2c3d", Run: "4e5f6a7b8c", Services: []string{"pricing"}}, Reason: PeerLost})

// Peers lists the other nodes in reach, by id. Over a transport that has no other
// nodes there are none.
func (n *Node) Peers() []Peer {
	if n.transport == nil {
		return nil
	}
	list := n.transport.Peers()
	slices.SortFunc(list, func(a, b Peer) int { return strings.Compare(a.Node+" "+a.Run, b.Node+" "+b.Run) })
	return list
}

// Peers is Node.Peers, for services.
func (b *Bus) Peers() []Peer { return b.node.Peers() }

// Self is this node as others see it.
func (n *Node) Self() Peer {
	return Peer{Node: n.id, Run: n.instance, Services: n.serving(), Started: n.base, Seen: time.Now()}
}

// serving are the services that are open for calls, by name.
func (n *Node) serving() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	names := []string{}
	for name, p := range n.services {
		if p.handles > 0 && !p.held {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// PeerJoined is for a Transport to say that it has found another node.
func (n *Node) PeerJoined(p Peer) {
	n.logger.Info("another node can be reached", slog.String("peer", p.Node), slog.Any("services", p.Services))
	announce(n, NodeJoined, p)
}

// PeerChanged is for a Transport to say that another node serves other services.
func (n *Node) PeerChanged(p Peer) {
	n.logger.Info("another node serves other services", slog.String("peer", p.Node), slog.Any("services", p.Services))
	announce(n, NodeChanged, p)
}

// PeerLeft is for a Transport to say that another node is gone, and why.
func (n *Node) PeerLeft(p Peer, reason string) {
	n.logger.Info("another node cannot be reached any more", slog.String("peer", p.Node), slog.String("reason", reason))
	announce(n, NodeLeft, Departure{Peer: p, Reason: reason})
}

// busService is the service that the bus's own events are about; no other can have its
// name.
const busService = "bus"

// newOwn declares an event of the bus itself. It stays in its process, and waits for
// nobody's queue.
func newOwn[T any](name string) *Event[T] {
	e := NewEvent[T](name, Local())
	e.contract.event.own = true
	return e
}

// announce tells the services of this process what the bus itself has to tell, also
// while it drains. A node that is closed has nobody to tell.
func announce[T any](n *Node, e *Event[T], v T) {
	_ = e.Emit(WhileDraining(context.Background()), n.View(busService), v)
}
