package metrics_test

import (
	"context"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/metrics"
)

type sum struct {
	A, B int
}

var add = bus.NewAction[sum, int]("calculator.add")

func ExampleNewBus() {
	node := membus.New(bus.Options{})
	add.Handle(node.View("calculator"), func(_ context.Context, in sum) (int, error) { return in.A + in.B, nil })
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics.NewBus(node, metrics.Identity{Namespace: "shop"}))

	for range 3 {
		_, _ = add.Call(context.Background(), node.View("till"), sum{1, 2})
	}
	families, err := registry.Gather()
	if err != nil {
		fmt.Println(err)
	}
	for _, family := range families {
		if family.GetName() != "bus_edge_requests_total" {
			continue
		}
		for _, label := range family.GetMetric()[0].GetLabel() {
			fmt.Println(label.GetName(), "=", label.GetValue())
		}
		fmt.Println(family.GetMetric()[0].GetCounter().GetValue())
	}
	// Output:
	// action = calculator.add
	// caller = till
	// namespace = shop
	// service = calculator
	// side = local
	// 3
}
