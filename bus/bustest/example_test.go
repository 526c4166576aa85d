package bustest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
)

// Stock is an action of another service; Order is one of ours that calls it.
var (
	Stock = bus.NewAction[string, int]("inventory.stock")
	Order = bus.NewAction[string, string]("orders.order")
)

// serveOrders stands for the service under test.
func serveOrders(b *bus.Bus) {
	stock := Stock.With(bus.Timeout(time.Second))
	Order.Handle(b, func(ctx context.Context, product string) (string, error) {
		n, err := stock.Call(ctx, b, product)
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return "ask again later", nil
		case err != nil:
			return "", err
		case n == 0:
			return "sold out", nil
		}
		return "ordered", nil
	})
}

// In a test, the body of Trial is the body of the test function.
func ExampleFake() {
	result := bustest.Trial(func(t testing.TB) {
		node := bustest.New(t)
		inventory := bustest.Fake(t, node, Stock, func(_ context.Context, product string) (int, error) {
			return len(product), nil
		})
		serveOrders(node.View("orders"))

		for _, product := range []string{"mug", ""} {
			answer, err := Order.Call(t.Context(), node.View("test"), product)
			fmt.Println(answer, err)
		}
		fmt.Printf("%q\n", inventory.Calls())
	})
	fmt.Println("failed:", result.Failed)
	// Output:
	// ordered <nil>
	// sold out <nil>
	// ["mug" ""]
	// failed: false
}

// A test sees to it that the service says what it needs, and that nothing is
// wired wrongly.
func ExampleNew() {
	result := bustest.Trial(func(t testing.TB) {
		node := bustest.New(t)
		serveOrders(node.View("orders"))
		_, err := Order.Call(t.Context(), node.View("test"), "mug")
		fmt.Println(err)

		serveOrders(node.View("orders")) // once too often
	})
	fmt.Println("failed:", result.Failed)
	// Output:
	// inventory.stock cannot be called: no service inventory is running in reach (unavailable)
	// failed: true
}

// Trial shows what a check says when it fails.
func ExampleTrial() {
	result := bustest.Trial(func(t testing.TB) {
		t.Cleanup(func() { t.Log("cleaned up") })
		t.Fatal("no")
	})
	fmt.Println(result.Failed)
	fmt.Println(result)
	// Output:
	// true
	// no
	// cleaned up
}

// Two nodes on a link are two processes without a server: what the shop asks the
// oracle travels as bytes.
func ExampleLink() {
	result := bustest.Trial(func(t testing.TB) {
		link := &bustest.Link{}
		inventory := bus.NewNode(bus.Options{Transport: link.Transport()})
		shop := bus.NewNode(bus.Options{Transport: link.Transport()})
		Stock.Handle(inventory.View("inventory"), func(context.Context, string) (int, error) {
			return 0, bus.Errorf(bus.NotFound, "no such product")
		})
		for _, n := range []*bus.Node{inventory, shop} {
			if err := n.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}

		_, err := Stock.Call(t.Context(), shop.View("shop"), "mug")
		fmt.Println(err, bus.IsRemote(err))
	})
	fmt.Println("failed:", result.Failed)
	// Output:
	// inventory.stock failed: no such product (not_found) true
	// failed: false
}

// Faults happen between nodes, and the same seed brings the same ones. A failing
// test logs its seed and what it decided.
func ExampleFault() {
	result := bustest.Trial(func(t testing.TB) {
		faults := bustest.Fault(t, 4, bustest.Rates{Refuse: 0.3, Duplicate: 0.3})
		link := &bustest.Link{}
		inventory := bus.NewNode(bus.Options{Transport: link.Transport()})
		shop := bus.NewNode(bus.Options{Transport: faults.Transport(link.Transport()), Logger: bustest.Logger(t)})
		asked := bustest.Fake(t, inventory, Stock, nil)
		for _, n := range []*bus.Node{inventory, shop} {
			if err := n.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}

		for range 4 {
			_, err := Stock.Call(t.Context(), shop.View("shop"), "mug")
			fmt.Println(bus.CodeOf(err), len(asked.Calls()))
		}
		for _, d := range faults.Decisions() {
			fmt.Println(d)
		}
	})
	fmt.Println("failed:", result.Failed)
	// Output:
	// ok 2
	// ok 3
	// unavailable 3
	// ok 5
	// shop inventory.stock #1: duplicate
	// shop inventory.stock #2: pass
	// shop inventory.stock #3: refuse
	// shop inventory.stock #4: duplicate
	// failed: false
}

// Inside a bubble of testing/synctest a deadline takes no time: the answer below
// is there immediately, and exactly a second late. The example is compiled and not
// run, because a bubble needs a real test; TestVirtualTime is one.
func Example_virtualTime() {
	var t *testing.T // the test's own

	synctest.Test(t, func(t *testing.T) {
		node := bustest.New(t)
		bustest.Fake(t, node, Stock, func(ctx context.Context, _ string) (int, error) {
			<-ctx.Done() // never answers
			return 0, ctx.Err()
		})
		serveOrders(node.View("orders"))

		start := time.Now()
		answer, err := Order.Call(t.Context(), node.View("test"), "mug")
		fmt.Println(answer, err, time.Since(start)) // ask again later <nil> 1s
	})
}

// Placed is an event of the service under test.
var Placed = bus.NewEvent[string]("orders.placed")

// Emitting does not wait for who hears it; Expect does.
func ExampleHear() {
	result := bustest.Trial(func(t testing.TB) {
		node := bustest.New(t)
		placed := bustest.Hear(t, node, Placed)

		orders := node.View("orders")
		for _, number := range []string{"A-1", "A-2"} {
			if err := Placed.Emit(t.Context(), orders, number); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Println(placed.Expect(2))
	})
	fmt.Println("failed:", result.Failed)
	// Output:
	// [A-1 A-2]
	// failed: false
}
