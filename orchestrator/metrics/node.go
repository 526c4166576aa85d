package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/shopanaio/orchestrator/bus"
)

// NodeSource is where NewNode finds the figures; *bus.Node is one.
type NodeSource interface {
	// Status returns how much there is at the moment.
	Status() bus.Status
}

// NewNode makes a collector of how much a node of the bus has, and where it is in its life.
func NewNode(source NodeSource, id Identity) prometheus.Collector {
	c := &collector{constant: id.labels()}
	services := c.describe("bus_services", "Services of this process that are open for calls.")
	actions := c.describe("bus_actions", "Actions with a handler in this process.")
	nodes := c.describe("bus_nodes", "Nodes in reach, this one included.")
	started := c.describe("bus_started", "1 from the start of the bus to its end, else 0.")
	connected := c.describe("bus_connected", "1 while other nodes can be reached, or when there is no connection to lose, else 0.")
	c.read = func(out sink) {
		s := source.Status()
		out.gauge(services, float64(s.Services))
		out.gauge(actions, float64(s.Actions))
		out.gauge(nodes, float64(s.Nodes))
		out.gauge(started, truth(s.Started))
		out.gauge(connected, truth(s.Connected))
	}
	return c
}
