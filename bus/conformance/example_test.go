package conformance_test

import (
	"fmt"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/conformance"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// The test of a transport calls Run; Observe is for looking at the rows.
func ExampleObserve() {
	rows := conformance.Observe(conformance.Fixture{
		Name: "membus",
		Nodes: func(_ testing.TB, o bus.Options) (caller, callee *bus.Node) {
			node := membus.New(o)
			return node, node
		},
	})
	failed := 0
	for _, row := range rows {
		if row.Got != row.Want {
			failed++
		}
	}
	fmt.Println("failed:", failed)
	// Output:
	// failed: 0
}
