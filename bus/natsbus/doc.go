// Package natsbus carries the bus between processes over NATS.
//
// A service that runs in this process is called directly; natsbus sees only
// what no handler here serves. Services of other processes are reached by
// request and reply in a queue group, so that several instances share the
// calls.
//
// # Subjects
//
// An action a service serves is reached at
//
//	<namespace>.<service>.<action>      platform.pricing.evaluateDiscounts
//
// Each service has one subscription, <namespace>.<service>.>, in the queue group
// <service>. An action the live service does not have is Unimplemented; a
// service nobody runs is Unavailable, at once.
//
// # Messages
//
// The payload of a request is the JSON of the action's request type and nothing
// else, and the payload of an answer that of its response type: a program that
// knows no more than NATS and JSON can call and can serve. What the bus adds
// travels in one header, Bus-Call:
//
//	<time left in microseconds>;<caller>;<request id>
//	<time left in microseconds>;<caller>;<request id>;<traceparent>
//
// The fourth field, a W3C traceparent, is there when the caller's node has a
// Propagator that knows of a trace. A peer that does not know the field takes it for
// a part of the request id, and a request without it is understood as before. In its
// place the header traceparent of programs with a tracer of their own is read.
//
// A failure is answered with the two headers of the NATS service protocol
// (ADR-32 of nats-architecture-and-design), Nats-Service-Error-Code with the HTTP
// status and Nats-Service-Error with the message; the payload is the bus.Error as
// JSON. An answer with these headers and any other payload, from a program that
// is not ours, becomes the error whose code has that HTTP status.
//
// # Events
//
// What is emitted and what is broadcast have subjects of their own:
//
//	<namespace>.events.<service>.<event>       platform.events.orders.created
//	<namespace>.broadcasts.<service>.<event>
//
// A subscribing service listens to the first in a queue group of its name, so that
// one instance of it gets each event, and to the second without one. The payload is
// the JSON of the event's type; `nats pub` can emit, `nats sub` can listen. One
// header, Bus-Event, says the rest:
//
//	<run of a process>;<emitter>;<request id>;<service>,<service>…
//
// The list at the end is what keeps a local instance first: it names the services
// that have got the event in the emitter's process. NATS still gives it to one
// member of each of their queue groups, perhaps to the emitter's own process, and
// that one throws it away; every other service's member takes it. A broadcast names
// the run of the process it comes from, which has served itself and ignores the
// echo. Watchers (SubscribeAll) listen to both without a group.
//
// An event is handed to the server and no more is known of it: at most once. While
// the connection is down Emit is Unavailable, though subscribers in the process get
// the event; in the time before the loss is noticed it is accepted and lost. Nothing
// is kept for later. Order is kept from one process to one subscription.
//
// An event that is Flushed is followed by a ping, and Emit waits for its answer on the
// same connection: the server has the event then, and gives it to whoever is
// subscribed. When the connection is lost before the answer, the error is
// [bus.ErrOutcomeUnknown], soon after the loss is noticed; when the emitter's context
// ends before, it is the context's. What was refused with any other error was not sent.
//
// What arrives is put into the subscriber's queue at once, and dropped and counted
// there when it is full. What arrives faster than that is dropped by the connection
// beyond [Config.EventBacklog], and counted from the subscription, not from the
// errors that NATS reports, of which there are few.
//
// # Discovery
//
// Every service answers $SRV.PING, INFO and STATS, so that `nats micro ls`,
// `info` and `stats` list it with its actions. The metadata of an endpoint has the
// JSON Schema of its request and response: request_schema, response_schema.
//
// # Promises
//
// Delivery: at most once. A call ends by its deadline, whatever happens to the
// connection. Nothing is buffered while disconnected: a call made then fails at
// once with Unavailable. A call whose connection is lost while it waits fails
// soon after the loss is noticed (by default within 4 s) with Unavailable and the
// reason [bus.ErrOutcomeUnknown]: it may or may not have been served.
//
// A network that is slow and answers its pings is no loss: calls over it that do not
// get their answer in time end by their deadline. When a network takes nothing any
// more while so much is being sent that a write has to wait, calls behind that write
// wait with it, for half a [Config.PingInterval] at most: then the connection is lost.
//
// Ordering: none between calls. Each request is served on a goroutine of its
// own; how many of one action run at once is bounded ([Config.Concurrency]), and
// so is how many wait ([Config.Queue]). What is beyond both is refused with
// ResourceExhausted.
//
// Size: what exceeds the server's max_payload (1 MiB unless configured) is
// ResourceExhausted at the caller, for requests and for answers.
//
// Bytes: what comes from anywhere is answered or counted, whatever it is. Receiving a
// message allocates at most four times its size and 256 KiB, but for the lists and maps
// of its contract, which cost what their elements do: a list of large structs is worth
// a bound of max_payload. JSON that nests deeper than 1,000 levels, and in messages
// over 16 KiB text that is no UTF-8 and names over 4 KiB, are InvalidArgument.
//
// Stop: Drain ends the subscriptions, waits until everything that
// was delivered has been answered and the answers have reached the server. Events
// that were delivered are in their queues then, which the node empties.
package natsbus
