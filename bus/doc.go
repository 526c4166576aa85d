// Package bus is how services talk to each other.
//
// A contract declares its actions as values, with the types of request and
// response:
//
//	var Evaluate = bus.NewAction[EvaluateRequest, EvaluateResponse]("pricing.evaluateDiscounts")
//
// The service that owns an action handles it, in its own view of the bus; anyone
// calls it, in theirs:
//
//	pricingapi.Evaluate.Handle(b, s.evaluate)
//	res, err := pricingapi.Evaluate.Call(ctx, b, req)
//
// A call whose handler is in the same process is a function call: no
// serialization, no goroutine. Anything else is asked for over the node's
// Transport. Caller and handler cannot tell which it was, but by its speed and by
// IsRemote.
//
// # Roots and nested calls
//
// Pass on the context that your handler got. The first call of a chain is a root:
// it makes a frame, which is the context of its handler, has the default deadline
// of 10 seconds (unless the context or a Timeout says otherwise), and stands in
// the list of calls in flight. A call made with that context, or one derived from
// it, is nested: it has the root's request id and what is left of its time, and
// is served even while the process drains.
//
// A frame ends with its root, and its context is cancelled then, like that of an
// HTTP request. Work that outlives a call takes a context of its own. A call that
// is made with a context kept from an ended root is a new root: with a deadline of
// its own, visible in the list, refused during a drain. So is a call made with
// context.Background.
//
// # Order
//
// A handler runs on its caller's goroutine when it is in the same process, so one
// goroutine's calls are served in the order it makes them. Calls of different
// goroutines have no order, and a handler must be safe for concurrent use.
//
// # Delivery
//
// A call is tried once: nothing is repeated that the caller did not repeat. No error
// means that the handler returned none. Where the bus itself says Unavailable, the
// handler did not run, unless the connection to another process was lost
// meanwhile; Canceled and DeadlineExceeded leave open whether it did.
//
// # Deadlines
//
// A deadline is cooperative: the handler's context ends, and the handler has to
// look. What a handler returns after the deadline is DeadlineExceeded to its
// caller, whatever it is, though the caller gets it late. With an expired or
// cancelled context no handler is called.
//
// # Copying
//
// Services share no memory. A request and a response whose types hold no
// references pass by value; others are copied deeply, by a plan made when the
// action is handled. Types that cannot be copied and sent are mistakes that
// Node.Check reports, with the path of the field. Shared exempts an action whose
// payloads nobody changes. With Options.Strict values go through the wire codec
// instead: what works then works between processes.
//
// # Errors
//
// Every error of a call is an *Error with a Code. A contract declares reasons with
// NewError, which errors.Is finds on both sides. An error that a handler returns
// and that is neither ours nor a context's becomes Internal, and is logged once on
// the handler's side; so is a panic, which ends no process. What an error wraps
// stays on the handler's side, and so do words wrapped around an *Error. A handler
// that calls runtime.Goexit ends its caller's goroutine; the bus can only keep its
// books.
//
// # Code around calls
//
// Use puts typed middleware around the handler of one action, where it is served.
// An Observer sees all calls of a node, without their payloads, where they are
// made: what its Before returns is the context of the handler. In both lists the
// first acts first. Neither costs an allocation, and a node without observers pays
// nothing for them.
//
// # Back-pressure
//
// There is no queue: a caller waits while its handler runs, and that is all that
// slows it down. Who starts goroutines to call with decides how many calls run at
// once; Node.InFlight shows them.
//
// # Stopping
//
// Drain refuses new roots with Unavailable, serves nested calls, and waits for the
// roots in flight. After Close every call is Unavailable, nested ones too. Handlers
// that are running are not interrupted by either; what was given up is named in a
// DrainError with its age.
//
// # Whose mistake a stall is
//
// A call that does not come back within its deadline waits for a handler that does
// not look at its context: that handler's mistake. It stands in Node.InFlight,
// under the action its root called. A drain that does not end is waiting for the
// same. The bus itself takes no lock in a call that could wait for a handler.
//
// # Cost
//
// A nested call allocates nothing, a root call one frame of 64 bytes. Each reads
// the clock twice, counts exactly for its caller and action, and touches no cache
// line that another processor writes. BenchmarkBudget has the figures. Build with
// the tag bus_portable to do without the one thing that is taken from the runtime's
// inside.
package bus
