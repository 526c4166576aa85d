package bus

import "context"

// Carrier takes events to other nodes and brings theirs. What is carried twice or
// in vain is sorted out by the nodes; a carrier only tells subscriptions apart.
type Carrier interface {
	// Publish sends an event to the nodes in reach, and waits for none of them; for its
	// server only if the event is Flushed. An *Error gets to the emitter as it is, the
	// end of ctx by its code; any other error is Unavailable to the emitter, and in the
	// log.
	Publish(ctx context.Context, p Publication) error
	// Subscribe brings what an interest is in, from when it returns until the
	// transport drains. Events of one node come in the order in which they were
	// published there, those published Everywhere apart from the others.
	Subscribe(i Interest) (Inlet, error)
}

// Publication is an event on its way between nodes.
type Publication struct {
	Event      string   // "orders.created"
	Emitter    string   // the owner of the emitting view
	RequestID  string   // never empty, but from a program that is not ours
	Trace      string   // what the emitter's Propagator wrote; "" when there is no trace
	Node       string   // which run of which node it comes from
	Everywhere bool     // a broadcast
	Metadata   string   // as in a header baggage; "" when there is none
	Served     []string // services that have got it already where it comes from
	Body       []byte   // JSON
	// Flushed asks Publish to return only when the server has the event, or to say why
	// that is not certain; ctx has a deadline then.
	Flushed bool
}

// Interest is what a subscriber of a node wants to get from other nodes.
type Interest struct {
	// Service subscribes. Of what is not published Everywhere, one of all who
	// subscribe under this name gets each event.
	Service string
	// Event is the event's name, or a watcher's pattern, with * for one word and >
	// for all that follow.
	Event string
	// All says that the subscriber gets every event that matches, whatever
	// others get.
	All bool
	// Deliver takes an event on behalf of the view of its emitter. It never waits for
	// a handler.
	Deliver func(from *Bus, p Publication)
}

// Inlet is a subscription at a carrier.
type Inlet interface {
	// Dropped is how many events the carrier lost because they came faster than they
	// were taken; exact, also after the end.
	Dropped() uint64
	// Stop ends the subscription. What was received is still delivered.
	Stop() error
}

// carrierOf is what takes the event to other nodes, nil when nothing does.
func (n *Node) carrierOf(c *contract) Carrier {
	if c.event.local {
		return nil
	}
	return n.carrier
}
