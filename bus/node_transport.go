package bus

import (
	"context"
	"errors"
	"log/slog"
)

// Transport reaches other nodes. A node asks it only for what it does not serve
// itself; what arrives goes to Node.Dispatch. The node's own handlers, counters
// and deadlines are the same with any transport.
type Transport interface {
	// Name is the word for it in settings: "memory", "nats".
	Name() string
	// Start connects. What arrives later is for n.
	Start(ctx context.Context, n *Node) error
	// Serve makes the actions of services reachable for other nodes.
	Serve(services ...string) error
	// Request asks the nodes in reach and waits for one answer. ErrNobody says that
	// none of them serves the action's service; an *Error gets to the caller as it is,
	// and is what another node answered if Remote or ParseError made it; any other
	// error is Unavailable to the caller, and in the log.
	Request(ctx context.Context, m Message) ([]byte, error)
	// Events takes events to other nodes; nil when there are none to be reached. It
	// is asked for before Start.
	Events() Carrier
	// Drain stops taking requests and events from other nodes, and waits until the
	// requests that were delivered are answered and the events are with the node.
	// Requests and events of this node still go out.
	Drain(ctx context.Context) error
	// Connected reports whether other nodes can be reached now; always true over a
	// transport that has no connection to lose.
	Connected() bool
	// Peers lists the other nodes in reach, in any order. The transport reports those
	// that come and go by Node.PeerJoined and Node.PeerLeft.
	Peers() []Peer
	// Close disconnects.
	Close(ctx context.Context) error
}

// Message is a request on its way between nodes.
type Message struct {
	Service   string
	Action    string // "pricing.evaluateDiscounts"
	Caller    string // the owner of the calling view
	RequestID string
	Trace     string // what the caller's Propagator wrote; "" when there is no trace
	Metadata  string // as in a header baggage; "" when there is none
	Depth     int    // how many calls it comes through, from process to process; 0 from a program that is not ours
	Body      []byte // JSON
}

// ErrNobody is a Transport's answer for a service that nobody in reach serves.
var ErrNobody = errors.New("nobody in reach serves it")

// Transporter makes a transport by its name: what a generated main lists.
type Transporter struct {
	Name string
	// Open makes the transport. It does not connect: that is Transport.Start. The
	// error says what is wrong with the settings.
	Open func(TransportSettings) (Transport, error)
}

// TransportSettings are what a process gives the transport it opens.
type TransportSettings struct {
	Address   string       // the setting `transporter`, with user info if there is any
	Namespace string       // what subjects begin with. Default: "platform"
	Logger    *slog.Logger // gets connection events. Default: slog.Default()
	// Decode sets the fields of a pointer to a struct, which holds the defaults,
	// from the transport's own section of the configuration. Default: there is none.
	Decode func(into any) error
}

// reaches reports whether a call may be sent to another node though it could be
// served here.
func (n *Node) reaches() bool {
	return n.transport != nil && n.stop.Load() == 0 && n.Connected()
}

// Connected reports whether other nodes can be reached now. It is always true
// over a transport that has no connection to lose.
func (n *Node) Connected() bool { return n.transport == nil || n.transport.Connected() }
