package operation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

// ErrTimeout is the error of a provider that did not answer in time.
var ErrTimeout = errors.New("the provider did not answer in time")

// ErrStopping is the error of a provider that was still busy when the service
// stopped.
var ErrStopping = errors.New("the service is stopping")

var errGone = errors.New("the provider ended its goroutine with runtime.Goexit")

// Starter starts goroutines that somebody waits for, as service.Group does.
type Starter interface {
	Go(name string, run func(ctx context.Context) error)
}

// Call is what to run.
type Call struct {
	Domain    plugin.Domain
	Operation string
	Params    json.RawMessage
}

// Outcome is what one provider gave.
type Outcome struct {
	Reply plugin.Reply
	// Err is nil, wraps ErrTimeout, is ErrStopping, or is what the slot's Run
	// returned.
	Err error
}

// Dispatcher runs calls. It is safe for concurrent use.
type Dispatcher struct {
	starter  Starter
	limit    time.Duration
	stopping chan struct{}
	stop     sync.Once
}

// New returns a dispatcher that gives each provider at most limit.
func New(starter Starter, limit time.Duration) *Dispatcher {
	return &Dispatcher{starter: starter, limit: limit, stopping: make(chan struct{})}
}

// Stop ends all waiting; calls from now on have ErrStopping. It does not wait
// for the goroutines, which is the starter's part.
func (d *Dispatcher) Stop() { d.stop.Do(func() { close(d.stopping) }) }

// Run runs the call on all slots together and returns one outcome for each, in
// their order. It returns when the last has answered or the time is up,
// whichever is first; what answers later is dropped.
func (d *Dispatcher) Run(ctx context.Context, slots []*slot.Slot, call Call) []Outcome {
	limited, cancel := context.WithTimeout(ctx, d.Limit(ctx))
	defer cancel()
	pending := make([]<-chan Outcome, len(slots))
	for i, s := range slots {
		pending[i] = d.begin(limited, s, call)
	}
	outcomes := make([]Outcome, len(slots))
	for i := range pending {
		outcomes[i] = d.await(limited, pending[i])
	}
	return outcomes
}

// Limit returns how long each provider has within ctx: the limit of the
// dispatcher, or what is left until the deadline less a tenth. With the tenth
// the results of those that did answer still reach a caller in a hurry.
func (d *Dispatcher) Limit(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return d.limit
	}
	left := time.Until(deadline)
	return min(d.limit, left-left/10)
}

// begin starts the call on one slot. The channel has room for the outcome, so
// that a provider nobody waits for any more does not stay for it.
func (d *Dispatcher) begin(ctx context.Context, s *slot.Slot, call Call) <-chan Outcome {
	result := make(chan Outcome, 1)
	d.starter.Go("provider "+s.Code(), func(stopped context.Context) error {
		running, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(stopped, cancel)()
		outcome := Outcome{Err: errGone}
		defer func() { result <- outcome }()
		outcome.Reply, outcome.Err = s.Run(running, call.Domain, call.Operation, call.Params)
		return nil
	})
	return result
}

func (d *Dispatcher) await(ctx context.Context, result <-chan Outcome) Outcome {
	select {
	case outcome := <-result:
		return inTime(ctx, outcome)
	case <-ctx.Done():
	case <-d.stopping:
	}
	// Several may have been ready, and an answer that is there counts.
	select {
	case outcome := <-result:
		return inTime(ctx, outcome)
	default:
	}
	if ctx.Err() == nil {
		return Outcome{Err: ErrStopping}
	}
	return Outcome{Err: ErrTimeout}
}

// inTime tells a provider that gave up because its time was up from one that
// failed.
func inTime(ctx context.Context, outcome Outcome) Outcome {
	if outcome.Err != nil && ctx.Err() != nil && errors.Is(outcome.Err, ctx.Err()) {
		outcome.Err = fmt.Errorf("%w: %w", ErrTimeout, outcome.Err)
	}
	return outcome
}
