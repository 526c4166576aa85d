package bus

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
)

// ask sends the request to whoever serves the action in another node.
func (a *Action[Req, Res]) ask(c *call, req Req) (res Res, err error) {
	e := c.edge
	if c.incoming || e.node.transport == nil {
		return res, e.unreachable()
	}
	body, err := json.Marshal(req)
	if err != nil {
		return res, e.fail(InvalidArgument, "the request cannot be sent: "+err.Error())
	}
	answer, err := e.node.request(c.ctx, e, body)
	if err != nil {
		return res, err
	}
	if res, err = receive[Res](c.ctx, e, answer); err != nil {
		return res, e.fail(Internal, "the answer of "+e.slot.name+" does not fit its contract: "+brief(err))
	}
	return res, nil
}

// request goes through the transport. Its errors are answers of other nodes,
// ErrNobody, the end of ctx, or its own.
func (n *Node) request(ctx context.Context, e *edge, body []byte) ([]byte, error) {
	answer, err := n.transport.Request(ctx, Message{
		Service: e.slot.service, Action: e.slot.name, Caller: e.caller,
		RequestID: RequestID(ctx), Trace: n.inject(ctx, e), Metadata: Baggage(ctx), Body: body,
	})
	var far *Error
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, ErrNobody) && e.slot.handled():
		return nil, ErrNobody // the caller serves it here
	case errors.Is(err, ErrNobody):
		return nil, e.unreachable()
	case errors.As(err, &far):
		return nil, far
	case CodeOf(err) != Internal: // the end of ctx
		return nil, err
	}
	e.log(ctx, slog.LevelError, "the transport failed; the caller sees code unavailable", slog.Any("error", err))
	return nil, e.fail(Unavailable, e.slot.name+" cannot be reached: the transport "+n.transport.Name()+" failed")
}
