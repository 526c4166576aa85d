package bus

import (
	"context"
	"reflect"
	"time"
)

// Action is an action of a service, with the types of its request and response.
// A contract declares each as a package-level variable; the service's handlers
// and all callers use that one value.
type Action[Req, Res any] struct {
	contract *contract
	timeout  time.Duration // 0: the frame's
	binding  *binding      // nil: no policies but the time limit
}

// ActionOption is something a contract says about an action.
type ActionOption func(*contract)

// Shared says that requests and responses of the action are immutable by
// contract: they are handed over without a copy, and neither side may change one
// after it was handed over.
func Shared() ActionOption {
	return func(c *contract) { c.shared = true }
}

// NewAction declares the action called name, "service.action", of at most 128 letters. Two
// values of one name are the same action if their types are equal; if they are not, or if the
// name is malformed, Node.Check says so.
func NewAction[Req, Res any](name string, opts ...ActionOption) *Action[Req, Res] {
	c := newContract(name, 1)
	c.request = reflect.TypeFor[Req]()
	c.response = reflect.TypeFor[Res]()
	for _, option := range opts {
		option(c)
	}
	a := &Action[Req, Res]{contract: c}
	c.serveJSON = a.serveJSON
	return a
}

// Name is the action's full name: "pricing.evaluateDiscounts".
func (a *Action[Req, Res]) Name() string { return a.contract.name }

// Service is the service that serves the action: "pricing".
func (a *Action[Req, Res]) Service() string { return a.contract.service }

// Doc sets the one line that lists of actions show, and returns a.
func (a *Action[Req, Res]) Doc(text string) *Action[Req, Res] {
	a.contract.doc = text
	return a
}

// Example sets a request that works against the demo data, and returns a.
func (a *Action[Req, Res]) Example(req Req) *Action[Req, Res] {
	a.contract.example = req
	return a
}

// target is a handler with what is needed to hand it a request.
type target[Req, Res any] struct {
	own    Handler[Req, Res] // the service's
	handle Handler[Req, Res] // with its middleware
	in     border[Req]
	out    border[Res]
	apart  bool // on a goroutine of its own
}

// Handle makes h the handler of a in the node of b. A second handler, a view that
// is not the action's service, types that cannot cross the bus, and a handler that comes
// after its service was opened are wiring mistakes: they are kept, and Node.Check returns
// them.
func (a *Action[Req, Res]) Handle(b *Bus, h func(ctx context.Context, req Req) (Res, error)) {
	in, err := newBorder[Req](a.contract, b.node.strict, "request")
	if err == nil {
		err = in.demand(a.contract, "request")
	}
	b.node.mistake(err)
	out, err := newBorder[Res](a.contract, b.node.strict, "response")
	if err == nil {
		err = a.contract.tagMistake(a.contract.response, "response")
	}
	b.node.mistake(err)
	var t any
	if h != nil {
		t = &target[Req, Res]{own: h, in: in, out: out, apart: a.contract.detached}
	}
	b.node.register(a.contract, b, t, caller(1))
}

// Call asks for the action and waits for the answer. The error is always an
// *Error; the response is the zero value then. Without a live call in ctx the
// call is a root and has the node's default deadline, unless ctx or a policy
// sets one.
func (a *Action[Req, Res]) Call(ctx context.Context, b *Bus, req Req) (Res, error) {
	if a.binding != nil {
		return a.callBound(ctx, b.edge(a.contract), req)
	}
	c := call{edge: b.edge(a.contract)}
	return a.callOn(ctx, &c, req, a.timeout)
}

// callOn is Call as c says.
func (a *Action[Req, Res]) callOn(ctx context.Context, c *call, req Req, timeout time.Duration) (res Res, err error) {
	attends := c.edge.node.attends
	if attends {
		c.route()
	}
	err = c.begin(ctx, timeout)
	if attends {
		c.attend()
	}
	if err == nil {
		res, err = a.serve(c, req)
	}
	if err = c.end(err); err != nil {
		var zero Res
		return zero, err
	}
	return res, nil
}

// serve runs the handler, or asks the transport when there is none here or the
// call is to be sent all the same. When nobody else is there, it is served here.
func (a *Action[Req, Res]) serve(c *call, req Req) (res Res, err error) {
	defer c.rescue(&err)
	t, here := c.edge.seat.handler().(*target[Req, Res])
	if !here || c.sent {
		res, err = a.ask(c, req)
	}
	if here && (!c.sent || err == ErrNobody) { //nolint:errorlint // ask returns it as it is
		res, err = t.run(c, req)
	}
	if err != nil {
		err = c.edge.translate(c.ctx, err)
	}
	c.returned = true
	return res, err
}

// run hands the request over, runs the handler, and hands the response back.
func (t *target[Req, Res]) run(c *call, req Req) (res Res, err error) {
	if t.in.active {
		if req, err = t.in.inward(c, req); err != nil {
			return res, err
		}
	}
	c.reached = true
	if t.apart {
		res, err = t.detach(c, req)
	} else {
		res, err = t.handle(c.ctx, req)
	}
	if err == nil && t.out.active && c.manner&asBytes == 0 {
		if res, err = t.out.cross(res); err != nil {
			return res, c.edge.unsendable(c.ctx, err)
		}
	}
	return res, err
}
