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
// context.Background. A call made in a live one with a context that does not end with it
// (context.WithoutCancel) is a root too, but let in while the process drains.
//
// Calls may be nested 64 deep where each has a frame (from process to process, with a
// Timeout or Retry, Detached), and some thousand deep on one goroutine. Actions that
// call each other in a circle get ErrTooDeep, which names them. Events of one process
// whose handlers emit each other are bounded to 64 like calls with frames.
//
// # Metadata
//
// What goes with a request beside its contracts is a Metadata: a language, an
// experiment. It reaches every call and event below the one it was given to, here and in
// other processes, and costs nothing where there is none. A Cache does not look at it: what
// an answer depends on stands in its request, or in Vary. Other values of a context reach
// handlers of the same process only: do not rely on them.
//
// # Order
//
// A handler runs on its caller's goroutine when it is in the same process, so one
// goroutine's calls are served in the order it makes them. Calls of different
// goroutines have no order, and a handler must be safe for concurrent use.
//
// # Delivery
//
// A call is tried once, unless Retry is bound to it. No error means that the handler
// returned none. Where the bus itself says Unavailable, the handler did not run, but
// for the reason ErrOutcomeUnknown: the connection to another process was lost
// meanwhile. That, Canceled and DeadlineExceeded leave open whether it did.
//
// # Deadlines
//
// A deadline is cooperative: the handler's context ends, and the handler has to
// look. What a handler returns after the deadline is DeadlineExceeded to its
// caller, whatever it is, though the caller gets it late; Detached buys the caller
// of an action a goroutine, and so its return in time. With an expired or
// cancelled context no handler is called. A caller that gives up ends the context of
// the handler, in this process and in another.
//
// # Copying
//
// Services share no memory. A request and a response whose types hold no
// references pass by value; others are copied deeply, by a plan made when the
// action is handled. Types that cannot be copied and sent are mistakes that
// Node.Check reports, with the path of the field: what JSON cannot send, and what it
// would lose, such as two fields of one name. Lists and objects nest at most 1,000 deep
// in JSON, and a copy is held to that. Shared exempts an action whose payloads nobody
// changes. With Options.Strict values go through the wire codec instead: what works
// then works between processes.
//
// # Validation
//
// What a request has to be stands in the tags of its type, in the words of JSON
// Schema:
//
//	type Line struct {
//		ID       string `json:"id" schema:"required,maxLength=40" doc:"the caller's name for the line"`
//		Quantity int64  `json:"quantity" schema:"minimum=1"`
//		Kind     string `json:"kind,omitempty" schema:"enum=goods|service"`
//	}
//
// Tag schema is about the field, tag items about each element of a slice or a map,
// doc names the field in messages. Keywords: required, minLength, maxLength,
// format (date, date-time, email, uri, uuid), enum (values with bars between),
// minimum, maximum, minItems, maxItems, minProperties, maxProperties, and pattern,
// which comes last because it takes the rest of the tag. A tag that is malformed,
// misspelt, or inside a type that marshals itself, where nobody would apply it, is a
// mistake that Node.Check reports with the path of the field.
//
// A field that JSON leaves out when it is empty (omitempty, omitzero) and a nil
// pointer are absent: only required speaks about them. Any other field is there, and
// zero when the JSON did not have it. required refuses the zero value, blank text, and
// a pointer to blank text or to an empty list or map; the number or boolean that a pointer
// points to may be zero. The required fields of an embedded pointer are required also
// when it is nil.
// For what tags cannot say, a type may have a method Validate() error; it is called
// on the request and on each part of it that is there, and may return Invalid with
// fields relative to its value, or any error, whose method Rule() string names the
// rule if it has one.
//
// A request is checked where it enters the service, after the copy and before the
// handler, whether it came from this process, over a transport or as JSON. The
// answer is InvalidArgument with all mistakes together (100 at most), each with
// the path in JSON, the rule and a sentence: Error.Fields. A type that has neither
// tags nor Validate is not looked at.
//
// # Evolution
//
// Processes that talk to each other may be built with contracts of different ages.
// The names of fields are exact, to the case. A field that the type here does not have is
// ignored, and its message counted in EdgeStats.UnknownFields; a field that the message
// does not have is zero, and validation decides whether that will do. Node.CallJSON, for
// people, refuses unknown fields, fields that come twice, and text that is no UTF-8.
//
// The schemas of Node.Actions say what goes over the wire: a nil list, map or pointer is
// null, unless a rule refuses it. A response's has no rules, because nobody judges it. Package contracttest fails a test where a contract
// changes in a way that breaks programs built with the one before.
//
// # Errors
//
// Every error of a call is an *Error with a Code. A contract declares reasons with
// NewError, which errors.Is finds on both sides. An error that a handler returns
// and that is neither ours nor a context's becomes Internal, and is logged once on
// the handler's side; so is a panic of a handler, or of a method that a contract's type or
// an error has, or of a policy's function: it ends no process. What an error wraps
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
// nothing for them. A Propagator takes what an observer keeps in contexts to other
// nodes, and with events to their handlers; package bus/otelbus has both for
// OpenTelemetry.
//
// # Policies
//
// With binds policies to an action, for one caller: Timeout, Retry, Breaker, Bulkhead,
// Cache. None is on unless it is bound, and an action without costs what it did. A
// call goes through them in one order: cache, timeout, retry, breaker, bulkhead;
// docs/adr/0011 says why. Each attempt of a Retry, and each call that a breaker or a
// bulkhead refuses, is counted as a call and seen by observers; what a cache
// answers is neither. Node.PolicyStats has the figures of their own.
//
// Retry and Cache ask for an action that is declared Idempotent. Nothing is
// repeated, kept or answered from memory otherwise. What a Retry has tried as often as it
// may is not tried again further up (Error.Retried), and what never left says nothing to a
// Breaker.
//
// # Events
//
// An event is told, not asked for: its emitter gets no answer and does not wait.
//
//	var Created = bus.NewEvent[OrderCreated]("orders.created")
//
//	ordersapi.Created.Subscribe(b, s.orderCreated)        // where the service is constructed
//	err := ordersapi.Created.Emit(ctx, b, OrderCreated{…})
//
// Emit reaches one instance of each subscribing service, the one in the emitter's
// process if there is one; Broadcast reaches all, each once. SubscribeAll shows
// everything that matches a pattern, as JSON, and takes nothing away from anybody.
//
// Delivery is at most once. An event is lost to a subscriber when its queue is full,
// when its service has not started or stops, when its handler fails or its process
// dies, and when the connection between two processes is down or breaks at that
// moment. All but the last two are counted, exactly, with the reason
// (Node.EventStats). A handler's error or panic is logged and counted, and the event
// is not tried again. Who may lose nothing needs a store.
//
// Emit hands an event to the transport and does not learn whether it arrived there.
// An emitter that has to know binds the event with Flushed: Emit returns when the
// transport's server has confirmed that it has the event, or says with
// ErrOutcomeUnknown that this is not certain. It is still told at most once.
//
// Order: each subscription has a queue of its own and one handler call at a time. What
// one goroutine emits is handled by one subscriber in the order in which it was
// emitted; there is no order between emitters, between events, nor between
// subscribers. Between processes it holds for Emit and for Broadcast apart, and
// nothing orders what different instances of a service get.
//
// The queue holds 1,024 events (QueueSize). When it is full the newest is dropped,
// so that a slow subscriber costs itself something and nobody else.
//
// A handler's context is that of a root call by the emitter: it has the node's
// default deadline, the emitter's request id, and stands in Node.InFlight.
// Where the node has a Propagator it has the emitter's trace too, in the same process
// and in others: one request is one trace, though what an event sets off may outlast
// the call that emitted it.
// Payloads are copied for every subscriber like requests. A service that is held
// hears nothing: what is emitted before Release is counted as not_started, and
// there is no queue before there is a service to empty it.
//
// The bus itself tells the services of its process, and nobody else, of nodes that
// come, change and go (NodeJoined, NodeChanged, NodeLeft) and of circuit breakers
// (BreakerChanged); these wait for nobody's queue. Package orchestrator/service tells of
// the services' states (Changed).
//
// # Back-pressure
//
// Calls have no queue, unless a Bulkhead is bound: a caller waits while its handler
// runs, and that is all that slows it down. Who starts goroutines to call with
// decides how many calls run together; Node.InFlight shows them.
//
// # Stopping
//
// Drain refuses new roots with Unavailable, serves nested calls, and waits for the
// roots in flight. Events that were accepted are handled first, and so are those that
// their handlers emit; new ones are refused. After Close every call is Unavailable,
// nested ones too. What a drain gives up, and what still runs at Close, is canceled: its
// handler sees that in its context, and is not interrupted otherwise. A DrainError names it
// with its age.
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
