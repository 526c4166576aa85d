// Package lifecycle guards the start and stop hooks that fx runs.
//
// fx alone gives all hooks one shared deadline, runs them in the caller's
// goroutine and lets their panics through: a start that hangs skips every stop,
// one stop that hangs starves the others, a panic ends the process. A
// [Supervisor] decorates [fx.Lifecycle] so that each hook runs on a goroutine
// with a budget, a context and a recover of its own, and is named in the error,
// the log and the status. The context that fx itself is given must then never
// end: the guards are what bounds a start or a stop.
//
// # States
//
// Every service is in one of six states; the same words stand in the code, the
// log, the readiness answer and the metric orchestrator_service_state.
//
//	        first hook begins        last hook succeeded
//	+-----+             +----------+                +---------+
//	| New | ----------> | Starting | -------------> | Running |
//	+-----+             +----------+                +---------+
//	                      |      \                    |     |
//	    error, panic,     |       \ rolled back       |     | first stop begins
//	    budget, signal    |        \                  |     v
//	                      |         `------------------->+----------+
//	                      |                           |  | Stopping |
//	                      v       a goroutine failed  |  +----------+
//	                  +--------+ <--------------------'    |     | last stop
//	                  | Failed | <-------------------------'     | succeeded
//	                  +--------+   error, panic, budget          v
//	                                                      +------------+
//	                                                      | Terminated |
//	                                                      +------------+
//
// Terminated and Failed are final. A service that failed is still stopped: its
// stop hooks run, its state stays Failed. New is also where a service stays
// whose turn never came because another one failed before it.
//
// # What a hook can rely on
//
// The context of a hook ends when its budget is spent, when the start is called
// off, and when the hook has returned; work that outlives the hook must not use
// it. A start hook that returns an error cleans up after itself: its own stop
// hook does not run. A start hook that is given up and succeeds all the same is
// stopped immediately, so that nothing stays open behind a process that reported
// failure.
package lifecycle
