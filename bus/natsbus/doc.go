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
// Each service has one subscription for all its actions, <namespace>.<service>.>, in the
// queue group <service>. An action the live service does not have is Unimplemented; a
// service nobody runs is Unavailable, without a wait.
//
// One instance of a service is reached at
//
//	<namespace>.instances.<service>.<run>.<action>
//
// What an instance refuses before its handler runs, because it does not have the action,
// is full or stops, has the header Bus-Refused with its run, and is asked of the others
// there: of all that are known when the action is missing, and of three when they are
// full. Which instances lack an action is remembered as long as they are there.
//
// No subject named here is for a JetStream stream. One whose subjects cover those of
// calls stores each request and acknowledges it to its caller: the acknowledgement is
// thrown away while a node is known that serves the service, and ends the call with the
// stream's name when there is none; a stream over the whole namespace ends the start of a
// process. Streams of durable events have <namespace>.durable.> to themselves, where
// nothing is asked: no service can have that name. A response of ours that looks like an
// acknowledgement has the header Bus-Response, as that of any other program should.
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
//	<time left in microseconds>;<caller>;<request id>;<traceparent>;<baggage>
//
// What is too long in a field is cut, and what makes no sense in one is left out, without
// the others: more than a day of time left is a day. After the fifth, and two semicolons,
// there may be more, each as <name>=<value>: so far depth, how many calls the request comes
// through, from process to process, when it is more than one. Unknown names are left out.
//
// The fourth field, a W3C traceparent, is there when the caller's node has a
// Propagator that knows of a trace, or empty before a fifth one. The fifth is the
// request's metadata as a W3C baggage, if there is any. In their place the headers
// traceparent and baggage of other programs are read; several of baggage are one list. Of
// the names of headers the case is nothing.
//
// A failure is answered with the two headers of the NATS service protocol
// (ADR-32 of nats-architecture-and-design), Nats-Service-Error-Code with the HTTP
// status and Nats-Service-Error with the message; the payload is the bus.Error as
// JSON. An answer with these headers from a program that is not ours becomes the error
// whose code has that HTTP status, unless its payload names a code of the bus. An error
// that is larger than the server takes loses its details and the end of its message.
//
// # Giving up
//
// A caller whose context is cancelled says so on
//
//	<namespace>.cancels.<service>
//
// with the subject that it waited at as payload. All processes that serve something
// listen, and the one that serves the request ends its handler's context; a request that
// still waits for a place is not served at all. It is a courtesy: when it is lost with
// the connection, the handler has its deadline. A deadline that passes is not sent: the
// other side has it. It may overtake its request by 5 s, if that has the header Bus-Call:
// the subject of another program's may be one at which it waits for many.
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
// The trace of the emitter, if its node has a Propagator that knows of one, and the
// metadata are in the headers of the standards, traceparent and baggage, which other
// programs may give an event as well. They are no further parts of Bus-Event, because
// builds of every age read that one, and expect four.
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
// What arrives is put into the subscriber's queue immediately, and dropped and counted
// there when it is full. What arrives faster than that is dropped by the connection
// beyond [Config.EventBacklog], and counted from the subscription, not from the
// errors that NATS reports, of which there are few.
//
// # Nodes
//
// Every node announces itself to the others, as JSON, on
//
//	<namespace>.nodes.beats
//
// {"node", "run", "services", "started", "everyMs"}: when it comes, when it serves
// another service, when its connection is back, and every [Config.HeartbeatInterval].
// Who comes gives an address for answers, and gets one from everybody, so that it
// knows the others within one round trip. A node that is not heard of for
// [Config.HeartbeatTimeout] is lost; one that stops says {"leaving": true}, and its run
// does not come back. Services hear of it by [bus.NodeJoined], [bus.NodeChanged] and
// [bus.NodeLeft], and [bus.Bus.Peers] lists who is there, also those who came before
// the service could hear. Nothing else depends on it: whether a service can be called is what the
// server says, not what was heard a while ago. A process that was stopped (SIGSTOP, a
// machine that sleeps) gives everybody their full time again when it goes on.
//
// A node's id belongs to one process: each answers on <namespace>.nodes.at.<id>, and
// who finds an answer there when it starts does not start. Two that start at the same
// moment may miss each other; both then log an error.
//
// # Discovery
//
// Every service answers $SRV.PING, INFO and STATS, so that `nats micro ls`,
// `info` and `stats` list it with its actions. The metadata of an endpoint has the
// JSON Schema of its request and response: request_schema, response_schema. What a
// message has no room for is left out, the schemas first, and left_out in the metadata of
// the service says so.
//
// # Promises
//
// Delivery: at most once. A call ends by its deadline, whatever happens to the
// connection. Nothing is buffered while disconnected: a call made then fails
// immediately with Unavailable. A call whose connection is lost while it waits fails
// soon after the loss is noticed (by default within 4 s) with Unavailable and the
// reason [bus.ErrOutcomeUnknown]: it may or may not have been served.
//
// A network that is slow and answers its pings is no loss: calls over it that do not
// get their answer in time end by their deadline. When more is sent than it takes, 256
// KiB wait in this process; whoever has more to send waits until there is room: a call
// until its deadline, an event and an answer for 5 s at most.
//
// Ordering: none between calls. Each request is served on a goroutine of its
// own; how many of one action run at the same time is bounded ([Config.Concurrency]), and
// so is how many wait ([Config.Queue]). What is beyond both is refused with
// ResourceExhausted, which is retryable.
//
// Size: what exceeds the server's max_payload (1 MiB unless configured) is
// ResourceExhausted at the caller, for requests and for answers.
//
// Bytes: what comes from anywhere is answered or counted, whatever it is. Receiving a
// message allocates at most four times its size and 256 KiB, but for the lists and maps
// of its contract, which cost what their elements do: a list of large structs is worth
// a bound of max_payload. JSON that nests deeper than 1,000 levels is
// InvalidArgument.
//
// Stop: Drain ends the subscriptions, waits until everything that
// was delivered has been answered and the answers have reached the server. Events
// that were delivered are in their queues then, which the node empties. When its context
// ends first, and when the node closes, callers of what is left are answered: what was
// begun is Unavailable with the reason [bus.ErrOutcomeUnknown], what waited for a place
// was not done and may be asked of another instance. The contexts of their handlers end.
package natsbus
