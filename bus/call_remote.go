package bus

import (
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
)

// ask sends the request to whoever serves the action in another node.
func (a *Action[Req, Res]) ask(c *call, req Req) (res Res, err error) {
	e := c.edge
	if c.manner&incoming != 0 || e.node.transport == nil {
		return res, e.unreachable()
	}
	body, err := json.Marshal(req)
	if err != nil {
		return res, e.fail(InvalidArgument, "the request cannot be sent: "+err.Error())
	}
	c.reached = true
	answer, err := c.request(body)
	if err != nil || len(answer) == 0 && a.contract.answersNothing() {
		return res, err
	}
	if res, err = receive[Res](c.ctx, e, answer); err != nil {
		return res, e.fail(Internal, "the answer of "+e.seat.name+" does not fit its contract: "+brief(err))
	}
	return res, nil
}

// answersNothing reports whether the response has nothing in it, so that a program that
// is not ours may answer with nothing.
func (c *contract) answersNothing() bool {
	return c.response.Kind() == reflect.Struct && c.response.NumField() == 0
}

// request goes through the transport. Its errors are answers of other nodes,
// ErrNobody, the end of the call's context, or its own.
func (c *call) request(body []byte) ([]byte, error) {
	ctx, e, n := c.ctx, c.edge, c.edge.node
	answer, err := n.transport.Request(ctx, Message{
		Service: e.seat.service, Action: e.seat.name, Caller: e.caller,
		RequestID: RequestID(ctx), Trace: n.inject(ctx, e), Metadata: Baggage(ctx), Depth: depthOf(ctx) + 1, Body: body,
	})
	var far *Error
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, ErrNobody) && e.seat.handled():
		return nil, ErrNobody // the caller serves it here
	case errors.Is(err, ErrNobody):
		return nil, e.unreachable()
	case errors.As(err, &far):
		c.reached = far.remote || errors.Is(far, ErrOutcomeUnknown) // else the transport has refused it
		return nil, far
	case CodeOf(err) != Internal: // the end of ctx
		return nil, err
	}
	e.log(ctx, slog.LevelError, "the transport failed; the caller sees code unavailable", slog.Any("error", err))
	return nil, e.fail(Unavailable, e.seat.name+" cannot be reached: the transport "+n.transport.Name()+" failed")
}

// Handles reports whether this node has a handler of the action called name, for a
// Transport that has to know it for each message.
func (n *Node) Handles(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.seats[name]
	return s != nil && s.handled()
}
