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

// Node is a prometheus.Collector over how much a node of the bus has, and where it is in its life. Make it with NewNode.
type Node struct {
	source    NodeSource
	services  *prometheus.Desc
	actions   *prometheus.Desc
	nodes     *prometheus.Desc
	started   *prometheus.Desc
	connected *prometheus.Desc
}

// NewNode makes a collector that reads source once per scrape.
func NewNode(source NodeSource, id Identity) *Node {
	describe := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, nil, id.labels())
	}
	return &Node{
		source:    source,
		services:  describe("bus_services", "Services of this process that are open for calls."),
		actions:   describe("bus_actions", "Actions with a handler in this process."),
		nodes:     describe("bus_nodes", "Nodes in reach, this one included."),
		started:   describe("bus_started", "1 from the start of the bus to its end, else 0."),
		connected: describe("bus_connected", "1 while other nodes can be reached, or when there is no connection to lose, else 0."),
	}
}

// Describe sends the descriptions.
func (n *Node) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{n.services, n.actions, n.nodes, n.started, n.connected} {
		out <- d
	}
}

// Collect sends the figures.
func (n *Node) Collect(out chan<- prometheus.Metric) {
	s := n.source.Status()
	gauge := func(desc *prometheus.Desc, value float64) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value)
	}
	gauge(n.services, float64(s.Services))
	gauge(n.actions, float64(s.Actions))
	gauge(n.nodes, float64(s.Nodes))
	gauge(n.started, truth(s.Started))
	gauge(n.connected, truth(s.Connected))
}

func truth(v bool) float64 {
	if v {
		return 1
	}
	return 0
}
