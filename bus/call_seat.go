package bus

import "sync/atomic"

// seat is an action in a node: who serves it and whether it may be called. An
// event has one too, whose target is its audience; nobody handles it.
type seat struct {
	contract *contract // the handler's, or the first one seen
	name     string
	service  string
	owner    string // position of the handler
	gate     atomic.Uint32
	chain    []any // middleware; only while the node is wired
	target   any   // *target[Req, Res], written before unhandled is taken from gate; or *audience[T]
}

// Why a seat may not be called; 0 is open.
const (
	unhandled  uint32 = 1 << iota // no handler in this node: ask the transport
	held                          // its service has not started
	shut                          // the node is closed
	mismatched                    // declared with other types elsewhere
)

func newSeat(c *contract) *seat {
	s := &seat{contract: c, name: c.name, service: c.service}
	if c.event != nil {
		s.target = c.event.audience()
	}
	s.gate.Store(unhandled)
	return s
}

// handler is the *target of the action, nil if it is not served here.
func (s *seat) handler() any {
	if s.gate.Load()&unhandled != 0 {
		return nil
	}
	return s.target
}

func (s *seat) handled() bool { return s.gate.Load()&unhandled == 0 }

// serveWith makes the seat ready to be called.
func (s *seat) serveWith(c *contract, target any, position string) {
	s.contract, s.owner, s.target = c, position, target
	s.gate.And(^unhandled)
}
