package bustest

import (
	"context"
	"errors"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

var errRefused = errors.New("a fault of the test")

// Transport puts the faults in front of a node's transport, such as an end of a
// Link. What a node serves itself passes no transport: put caller and callee on two
// nodes.
func (f *Faults) Transport(inner bus.Transport) bus.Transport {
	return &faulty{Transport: inner, faults: f}
}

// faulty is a transport with faults in front of it.
type faulty struct {
	bus.Transport

	faults *Faults
}

// Request does what is decided.
func (t *faulty) Request(ctx context.Context, m bus.Message) ([]byte, error) {
	d := t.faults.decide(m.Caller, m.Action)
	switch d.Effect {
	case Drop:
		return lost(ctx)
	case Refuse:
		return nil, errRefused
	case Lose:
		if _, err := t.Transport.Request(ctx, m); errors.Is(err, bus.ErrNobody) {
			return nil, err
		}
		return lost(ctx)
	case Duplicate:
		if body, err := t.Transport.Request(ctx, m); ctx.Err() != nil {
			return body, err
		}
	case Delay:
		if err := pause(ctx, d.Wait); err != nil {
			return nil, err
		}
	}
	return t.Transport.Request(ctx, m)
}

// lost is what a caller learns of a request or an answer that is lost.
func lost(ctx context.Context) ([]byte, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Events puts the faults in front of the carrier.
func (t *faulty) Events() bus.Carrier {
	inner := t.Transport.Events()
	if inner == nil {
		return nil
	}
	return &faultyCarrier{Carrier: inner, faults: t.faults}
}

// faultyCarrier is a carrier with faults in front of it.
type faultyCarrier struct {
	bus.Carrier

	faults *Faults
}

// Publish does what is decided. An event is never carried twice: nodes rely on it.
func (c *faultyCarrier) Publish(ctx context.Context, p bus.Publication) error {
	switch c.faults.decide(p.Emitter, p.Event).Effect {
	case Drop:
		if p.Flushed {
			_, err := lost(ctx)
			return err
		}
		return nil
	case Refuse:
		return errRefused
	default:
		return c.Carrier.Publish(ctx, p)
	}
}
