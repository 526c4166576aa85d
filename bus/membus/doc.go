// Package membus is the bus of a process that is complete by itself: its services
// call each other, and nobody else is reached. It opens no socket, and a program
// that links it and no other transport links no network for its bus.
//
// All that package bus promises about calls and events holds here; this transport adds
// nothing to it and takes nothing away. What it decides is what an action without
// a handler means: Unimplemented if the service has other actions here,
// Unavailable if the service is not here at all. Neither is tried again. Since no
// call and no event leaves the process, no call is remote, nothing is queued or
// buffered here (the queues of events are the node's), and Drain and Close wait for
// nothing of their own.
package membus
