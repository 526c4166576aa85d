package bustest_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// memory is the bus of one process.
func memory(t testing.TB, o bus.Options) (caller, callee *bus.Node) {
	t.Helper()
	n := membus.New(o)
	return n, n
}

// The names are what guarantees and reports refer to.
func TestRowsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range bustest.Observe(bustest.Fixture{Name: "membus", Nodes: memory}) {
		if seen[o.Row] {
			t.Errorf("two rows are called %s", o.Row)
		}
		seen[o.Row] = true
	}
	if len(seen) < 60 {
		t.Errorf("the table has %d rows", len(seen))
	}
	t.Logf("FIGURE conformance.rows n=%d", len(seen))
}
