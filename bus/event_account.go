package bus

import (
	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// DropReason is why a subscriber did not get an event.
type DropReason uint8

// The reasons. accepting is none.
const (
	QueueFull    DropReason = iota // its queue was full
	NotStarted                     // its service had not started, or its watcher's owner
	Stopping                       // its service or the node stopped before it was handled
	Malformed                      // what another process sent is no payload of the event
	SlowConsumer                   // the transport dropped it: it came faster than it could be queued

	// NumDropReasons is how many reasons there are.
	NumDropReasons = int(SlowConsumer) + 1

	accepting DropReason = 255
)

var dropReasons = [NumDropReasons]string{"queue_full", "not_started", "stopping", "malformed", "slow_consumer"}

// String is the reason as it stands in metrics and logs: "queue_full".
func (r DropReason) String() string {
	if int(r) < NumDropReasons {
		return dropReasons[r]
	}
	return "unknown"
}

// account counts what became of a subscriber's events. The queue's lock is for it.
type account struct {
	accepted  uint64
	delivered uint64
	failed    uint64
	panics    uint64
	dropped   [NumDropReasons]uint64
	hits      [counters.Buckets + 1]uint64
	nanos     uint64
}

// outcome is how a handler ended. The zero value is no handler.
type outcome struct {
	ran, failed, panicked bool
	nanos                 int64
}

func (a *account) note(o outcome) {
	if !o.ran {
		return
	}
	a.delivered++
	a.nanos += uint64(o.nanos)
	a.hits[counters.Bucket(o.nanos)]++
	if o.failed {
		a.failed++
	}
	if o.panicked {
		a.panics++
	}
}
