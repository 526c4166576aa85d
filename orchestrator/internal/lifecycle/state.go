package lifecycle

import "time"

// State is where a service is in its life; see the package comment.
type State uint8

// The states, in the order in which a service passes through them.
const (
	New State = iota
	Starting
	Running
	Stopping
	Terminated
	Failed
)

var stateNames = [...]string{"New", "Starting", "Running", "Stopping", "Terminated", "Failed"}

// String is the state's one name in code, logs and metrics.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "Unknown"
}

// follows reports whether a service may go from state s to next.
func (s State) follows(next State) bool {
	switch next {
	case Starting:
		return s == New
	case Running:
		return s == Starting
	case Stopping:
		return s == Starting || s == Running
	case Terminated:
		return s == Stopping
	case Failed:
		return s != Terminated && s != Failed
	default:
		return false
	}
}

// Status is what is known of one service at one moment.
type Status struct {
	// Service is the service's name.
	Service string
	// State is where it is in its life.
	State State
	// Since is when it entered that state.
	Since time.Time
	// Start and Stop are what its start and stop hooks have taken together;
	// zero before the first one returned.
	Start, Stop time.Duration
	// Failures counts panics and unexpected errors of its goroutines.
	Failures uint64
	// Err says why the state is Failed; nil in every other state.
	Err error
}
