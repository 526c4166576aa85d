package metrics

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/shopanaio/orchestrator/bus"
)

// status is a source with a figure of its own in each place.
type status struct{}

func (status) Status() bus.Status {
	return bus.Status{Services: 2, Actions: 7, Nodes: 3, Started: true}
}

// Proves: R19.
func TestNodeGauges(t *testing.T) {
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(NewNode(status{}, Identity{Namespace: "n", Node: "m"}))
	want := `
# HELP bus_actions Actions with a handler in this process.
# TYPE bus_actions gauge
bus_actions{namespace="n",node="m"} 7
# HELP bus_connected 1 while other nodes can be reached, or when there is no connection to lose, else 0.
# TYPE bus_connected gauge
bus_connected{namespace="n",node="m"} 0
# HELP bus_nodes Nodes in reach, this one included.
# TYPE bus_nodes gauge
bus_nodes{namespace="n",node="m"} 3
# HELP bus_services Services of this process that are open for calls.
# TYPE bus_services gauge
bus_services{namespace="n",node="m"} 2
# HELP bus_started 1 from the start of the bus to its end, else 0.
# TYPE bus_started gauge
bus_started{namespace="n",node="m"} 1
`
	if err := testutil.GatherAndCompare(r, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}
