package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
)

// relay is CallJSON for an action of which this process has no contract: another one
// may serve it. It is a call like any other, with a deadline, in the list of calls in
// flight, and not admitted while the node drains. It is counted where it is served and
// not here: the name may be anything, and would become a label.
func (n *Node) relay(ctx context.Context, from *Bus, action string, body []byte) ([]byte, error) {
	c := &contract{name: action, position: "CallJSON"}
	c.service, _, _ = strings.Cut(action, ".")
	e := &edge{node: n, caller: from.owner, seat: newSeat(c), way: sentOn}
	e.counters.Init()
	n.mu.Lock()
	if p := n.services[c.service]; p != nil && p.held {
		e.seat.gate.Or(held)
	}
	n.mu.Unlock()
	if n.stop.Load()&stopped != 0 {
		e.seat.gate.Or(shut)
	}
	if err := c.nameProblem(); err != nil {
		return nil, e.fail(InvalidArgument, action+" is no name of an action: write it as service.action, for example pricing.evaluate")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	if err := strict.decode(body, new(json.RawMessage)); err != nil {
		return nil, e.malformed(err)
	}
	a := &Action[json.RawMessage, json.RawMessage]{contract: c}
	return a.callOn(ctx, &call{edge: e, manner: asBytes}, body, 0)
}
