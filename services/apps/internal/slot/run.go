package slot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
)

// PanicError is the error of a provider that panicked.
type PanicError struct {
	Value any
	// Trace is where.
	Trace bus.PanicTrace
}

// Error has the panic's text; it is for the log.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// ErrBusy is the error of a call that found no free place until its ctx ended.
var ErrBusy = errors.New("all places of the slot are taken by calls that still run")

// Run runs an operation of the slot's provider, as soon as a place is free. A
// panic is an error.
func (s *Slot) Run(ctx context.Context, domain plugin.Domain, operation string, params json.RawMessage) (reply plugin.Reply, err error) {
	select {
	case s.places <- struct{}{}:
	case <-ctx.Done():
		return plugin.Reply{}, fmt.Errorf("%w: %w", ErrBusy, ctx.Err())
	}
	defer func() { <-s.places }()
	defer func() {
		if value := recover(); value != nil {
			reply, err = plugin.Reply{}, &PanicError{Value: value, Trace: bus.TracePanic()}
		}
	}()
	return s.provider.Run(ctx, domain, operation, params)
}
