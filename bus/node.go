package bus

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultTimeout is the deadline of a root call that nothing else limits.
const DefaultTimeout = 10 * time.Second

// Options say how a node works. The zero value is a node that reaches no other.
type Options struct {
	// Transport reaches other nodes. Default: none.
	Transport Transport
	// Logger gets what callers do not see: panics and undeclared errors. Default:
	// slog.Default().
	Logger *slog.Logger
	// Strict sends every request and response through the wire codec, so that what
	// works in memory works between processes. For tests and development.
	Strict bool
	// Share sends calls to services of this node over the transport as well, so that
	// all instances take their part. Default: what is here is called here. While
	// nobody else is in reach, or the node stops, calls stay here.
	Share bool
	// DefaultTimeout is the deadline of a root call that has none by its context or
	// a policy. Default: 10 s; negative: none.
	DefaultTimeout time.Duration
	// Observers see every call, the first one outermost. Default: none, which costs
	// nothing.
	Observers []Observer
	// Propagator carries traces to other nodes and takes theirs. Default: none.
	Propagator Propagator
	// NodeID names the process to others. Default: a random id. Over NATS it is a part of
	// a subject: letters, digits, - and _, at most 63.
	NodeID string
}

// Node is a process's side of the bus: it hands out the services' views, and is
// what the process starts, watches and stops.
type Node struct {
	transport      Transport
	logger         *slog.Logger
	strict         bool
	shares         bool
	attends        bool       // calls have something to do before they are served
	observers      []Observer // nil when there are none
	propagator     Propagator // nil when there is none
	defaultTimeout time.Duration
	id             string
	instance       string    // random, begins the request ids made here
	base           time.Time // the zero of the node's clock

	roots roots
	stop  atomic.Uint32 // draining, stopped
	pulse pulse

	mu       sync.Mutex
	views    map[string]*Bus
	seats    map[string]*seat
	topics   map[string]*seat // events
	services map[string]*presence
	odd      map[*contract]*seat // declarations that clash with the seat of their name
	edges    map[edgeKey]*edge
	policies map[policyKey]remembering
	mistakes []error
	started  bool

	carrier   Carrier                  // nil when events stay here
	listeners []listener               // subscriptions and watchers, in order
	retired   map[subscriberKey]ledger // what watchers counted that have gone
}

// edgeKey tells edges apart.
type edgeKey struct {
	seat   *seat
	caller string
	way    way
}

// presence is what the node knows about a service.
type presence struct {
	held    bool
	handles int // actions with a handler here
	served  bool
}

// NewNode makes a node. Nothing runs and nothing is connected until Start.
func NewNode(o Options) *Node {
	instance := randomID()
	n := &Node{
		transport:      o.Transport,
		logger:         cmp.Or(o.Logger, slog.Default()),
		strict:         o.Strict,
		shares:         o.Share,
		attends:        o.Share || len(o.Observers) > 0,
		observers:      append([]Observer(nil), o.Observers...),
		propagator:     o.Propagator,
		defaultTimeout: cmp.Or(o.DefaultTimeout, DefaultTimeout),
		id:             cmp.Or(o.NodeID, instance),
		instance:       instance,
		base:           time.Now(),
		views:          map[string]*Bus{},
		seats:          map[string]*seat{},
		topics:         map[string]*seat{},
		retired:        map[subscriberKey]ledger{},
		services:       map[string]*presence{},
		odd:            map[*contract]*seat{},
		edges:          map[edgeKey]*edge{},
		policies:       map[policyKey]remembering{},
	}
	if n.transport != nil {
		n.carrier = n.transport.Events()
	}
	n.roots.init()
	return n
}

// randomID tells this node from every other, also from the same one before it
// was restarted.
func randomID() string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // never fails: the program would have ended
	return hex.EncodeToString(b[:])
}

// ID is the node's name: Options.NodeID, or a random one.
func (n *Node) ID() string { return n.id }

// now is the time since the node was made: one read of the monotonic clock, which
// is the bubble's own inside testing/synctest.
func (n *Node) now() int64 { return int64(time.Since(n.base)) }

// after is the time d after now on a node's clock; never, if that is beyond its end.
func after(now int64, d time.Duration) int64 {
	return now + min(int64(d), never-now)
}

// reading is what the node's clock shows at the time at, when it shows now. A time
// without a monotonic part follows the wall clock, which may have been set, or
// have gone on while the machine slept, since the node was made.
func (n *Node) reading(at time.Time, now int64) int64 {
	if at == at.Round(0) { // equal in every part: it has none that is monotonic
		return after(now, time.Until(at))
	}
	return int64(at.Sub(n.base))
}

// View is the bus as the service owner sees it; the same owner gets the same view.
func (n *Node) View(owner string) *Bus {
	n.mu.Lock()
	defer n.mu.Unlock()
	b := n.views[owner]
	if b == nil {
		b = &Bus{node: n, owner: owner}
		n.views[owner] = b
	}
	return b
}
