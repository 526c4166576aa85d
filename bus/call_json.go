package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/bus/internal/baggage"
)

// serveJSON is Call for a caller that holds JSON. What the types' own methods make of
// the bytes is a part of the call, like what the handler does.
func (a *Action[Req, Res]) serveJSON(ctx context.Context, e *edge, body []byte, d decoding) (out []byte, err error) {
	c := call{edge: e, manner: asBytes}
	c.route()
	err = c.begin(ctx, a.timeout)
	c.attend()
	if err == nil {
		out, err = a.serveBytes(&c, body, d)
	}
	if err = c.end(err); err != nil {
		return nil, err
	}
	return out, nil
}

// serveBytes is serve with its codec.
func (a *Action[Req, Res]) serveBytes(c *call, body []byte, d decoding) (out []byte, err error) {
	defer c.rescue(&err)
	req, err := decodeRequest[Req](c.ctx, c.edge, body, d)
	if err != nil {
		err = c.edge.malformed(err)
		c.returned = true
		return nil, err
	}
	res, err := a.serve(c, req)
	if err != nil {
		return nil, err // serve has said that it returned
	}
	c.returned = false
	if out, err = json.Marshal(res); err != nil {
		err = c.edge.unsendable(c.ctx, err)
	}
	c.returned = true
	return out, err
}

// decodeRequest makes the request of a body; an empty one is the zero request.
func decodeRequest[Req any](ctx context.Context, e *edge, body []byte, d decoding) (req Req, err error) {
	if d == lenient && len(bytes.TrimSpace(body)) > 0 {
		return receive[Req](ctx, e, body)
	}
	err = d.decode(body, &req)
	return req, err
}

// malformed describes a body that is no request of the action.
func (e *edge) malformed(err error) *Error {
	failure := e.fail(InvalidArgument, fmt.Sprintf("the body is no request of %s: %s",
		e.seat.name, brief(err)))
	failure.Details = misfit(err)
	return failure
}

// maxBrief bounds what is shown of a body that anybody may have written.
const maxBrief = 300

// brief is the text of a decoder's error. It may quote what it could not read, and that
// may be all of a message.
func brief(err error) string { return shorten(err.Error()) }

func shorten(text string) string {
	if len(text) <= maxBrief {
		return text
	}
	return strings.ToValidUTF8(text[:maxBrief], "") + "…"
}

// CallJSON calls an action by its name with a JSON body, on behalf of the view
// from, and gives the response as JSON. It is strict: a field that the request type
// does not have, or that comes twice, and text that is no UTF-8 are InvalidArgument. An
// empty body is the zero request. What an action takes of which this process has no
// contract, only the process that serves it knows.
func (n *Node) CallJSON(ctx context.Context, from *Bus, action string, body []byte) ([]byte, error) {
	c, e, err := n.byName(from, action)
	if err != nil {
		return n.relay(ctx, from, action, body)
	}
	return c.serveJSON(ctx, e, body, strict)
}

// Dispatch serves a request that a transport received, on behalf of the view
// from. It is a root that is admitted while the node drains, because it was
// delivered before; it is never sent on to another node. Fields that the request
// type does not have are ignored.
func (n *Node) Dispatch(ctx context.Context, from *Bus, m Message) ([]byte, error) {
	c, e, err := n.byName(from.elsewhere(), m.Action)
	if err != nil {
		return nil, err
	}
	if m.RequestID == "" { // of a client that is no node: what is logged before the call begins belongs to it as well
		m.RequestID = n.named("", n.roots.asked.Add(1))
	}
	ctx = &request{Context: n.extract(ctx, m.Action, m.Trace), id: m.RequestID, baggage: baggage.Received(m.Metadata), depth: max(m.Depth, 0), incoming: true}
	return c.serveJSON(ctx, e, m.Body, lenient)
}

// byName finds an action that this node knows, and the way of from to it.
func (n *Node) byName(from *Bus, action string) (*contract, *edge, error) {
	n.mu.Lock()
	s := n.seats[action]
	var c *contract
	if s != nil {
		c = s.contract
	}
	n.mu.Unlock()
	if c == nil {
		service, _, _ := strings.Cut(action, ".")
		unknown := &edge{node: n, caller: from.owner, seat: &seat{name: action, service: service}}
		return nil, nil, unknown.unreachable()
	}
	return c, from.edge(c), nil
}
