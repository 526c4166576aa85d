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
//
// A failure is answered with the two headers of the NATS service protocol
// (ADR-32 of nats-architecture-and-design), Nats-Service-Error-Code with the HTTP
// status and Nats-Service-Error with the message; the payload is the bus.Error as
// JSON. An answer with these headers and any other payload, from a program that
// is not ours, becomes the error whose code has that HTTP status.
//
// # Discovery
//
// Every service answers $SRV.PING, INFO and STATS, so that `nats micro ls`,
// `info` and `stats` list it with its actions.
//
// # Promises
//
// Delivery: at most once. A call ends by its deadline, whatever happens to the
// connection. Nothing is buffered while disconnected: a call made then fails at
// once with Unavailable. A call whose connection is lost while it waits fails
// soon after the loss is noticed (by default within 4 s) with Unavailable and the
// reason bus.outcomeUnknown: it may or may not have been served.
//
// Ordering: none between calls. Each request is served on a goroutine of its
// own; how many of one action run at once is bounded ([Config.Concurrency]), and
// so is how many wait ([Config.Queue]). What is beyond both is refused with
// ResourceExhausted.
//
// Size: what exceeds the server's max_payload (1 MiB unless configured) is
// ResourceExhausted at the caller, for requests and for answers.
//
// Stop: Drain ends the subscriptions, waits until everything that
// was delivered has been answered and the answers have reached the server.
package natsbus
