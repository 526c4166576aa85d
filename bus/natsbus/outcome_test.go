package natsbus

import (
	"context"
	"errors"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// What may have been served is not for everybody to try again: only the policy Retry
// does, for actions that may be done twice.
func TestUnknownOutcomeIsNotRetryable(t *testing.T) {
	lost := (&transport{}).lost(t, nats.ErrConnectionClosed)
	s := testnats.Start(t)
	var o *oracle
	newNode(t, s.URL(), func(n *bus.Node) { o = newOracle(n) })
	shop, inFlight := newNode(t, s.URL(), nil).View("shop"), make(chan error, 1)
	go func() {
		_, err := wait.Call(context.Background(), shop, question{})
		inFlight <- err
	}()
	<-o.arrived
	s.Stop()
	defer close(o.release)
	for what, err := range map[string]error{"an answer that is lost": lost, "a call in flight": <-inFlight} {
		var ours *bus.Error
		if !errors.As(err, &ours) || !errors.Is(err, bus.ErrOutcomeUnknown) || ours.Retryable {
			t.Errorf("%s: %#v, want an unknown outcome that is not retryable", what, err)
		}
	}
}

// lost is how a call ends whose connection did.
func (t *transport) lost(tb testing.TB, why error) error {
	tb.Helper()
	_, _, err := answered(reply{err: why}, "oracle.wait")
	return err
}
