// Package orchestrator runs the services that were linked into a program.
//
// A generated main gives [Main] a [Binary]: the services in start order, the
// providers, the transports and the manifest. Nothing else decides what can run;
// at run time ORCHESTRATOR_SERVICES can only narrow it.
//
// # Life of a process
//
//	settings -> plan -> construct -> admin server -> transport -> services -> ready
//	                                                                           |
//	      exit 0 <- admin server <- bus <- services, reversed <- drain <- signal or failure
//
// Settings are validated and reported together before anything is made. Services
// are constructed in start order, which does no I/O, and started in that order,
// each by guarded hooks; see package orchestrator/service for a service's states
// and budgets. If one fails, those already started are stopped in reverse and
// the program ends with code 1, naming the service and the cause. The root of this
// package is the commands; the life of a process is in internal/process.
//
// # Signals and exit codes
//
// SIGINT, SIGTERM or SIGHUP, the end of Run's context, and a failed goroutine stop a
// running process in an order that loses nothing: /readyz answers 503, what was
// delivered over the transport is served, new calls are refused while those in
// flight end (nested calls included, for drain_timeout at most), the services
// stop in reverse with their own calls still working, the bus closes, and the
// admin server goes last. All of it takes drain_timeout, the stop budgets of the
// services and 5 s at most: then the process ends around what still runs.
//
//	0            stopped as asked
//	1            the start failed, a service failed, a stop failed, or calls were cut off
//	2            the program crashed (the Go runtime's own code)
//	64           the command line is wrong
//	129/130/143  SIGHUP/SIGINT/SIGTERM came during the start, which was rolled back,
//	             or a second one came, which ends the program immediately
//
// # Output
//
// What a process prints is queued and written by one goroutine: nothing waits for
// who reads it, and a reader that goes away ends nothing. What does not fit is
// dropped and counted.
package orchestrator
