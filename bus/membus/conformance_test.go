package membus_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/conformance"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// Proves: B3
func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Fixture{Name: "membus", Nodes: func(_ testing.TB, o bus.Options) (caller, callee *bus.Node) {
		n := membus.New(o)
		return n, n
	}})
}

// Strict is the memory bus with the one thing of the wire that is in reach: its codec.
func TestConformanceStrict(t *testing.T) {
	conformance.Run(t, conformance.Fixture{
		Name: "membus, strict", Features: conformance.Features{Encodes: true},
		Nodes: func(_ testing.TB, o bus.Options) (caller, callee *bus.Node) {
			o.Strict = true
			n := membus.New(o)
			return n, n
		},
	})
}
