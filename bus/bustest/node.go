package bustest

import (
	"context"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// New makes a node for one test. It reaches no other node, is strict, and logs to
// t. When the test ends it is closed, and the test fails if Node.Check reports
// mistakes or if a call is still in flight. A change sets other options before
// the node is made, such as a default timeout; the transport is replaced.
func New(t testing.TB, change ...func(*bus.Options)) *bus.Node {
	t.Helper()
	o := bus.Options{Strict: true, Logger: Logger(t)}
	for _, f := range change {
		f(&o)
	}
	n := membus.New(o)
	t.Cleanup(func() { finish(t, n) })
	return n
}

// finish looks at the node once more when the test is over.
func finish(t testing.TB, n *bus.Node) {
	if err := n.Check(); err != nil {
		t.Errorf("the bus was wired wrongly: %v", err)
	}
	for _, c := range n.InFlight() {
		t.Errorf("the test ended while %s was being called by %s: wait for the call, or give it a deadline", c.Action, c.Caller)
	}
	if err := n.Close(context.Background()); err != nil {
		t.Errorf("closing the bus: %v", err)
	}
}
