package membus_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

func Example() {
	double := bus.NewAction[int, int]("math.double")

	node := membus.New(bus.Options{})
	double.Handle(node.View("math"), func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	if err := node.Check(); err != nil {
		fmt.Println(err)
		return
	}

	n, err := double.Call(context.Background(), node.View("me"), 21)
	fmt.Println(n, err)
	// Output: 42 <nil>
}
