package natsbus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/natsbus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// Greet is an action of a service that runs in another process.
var Greet = bus.NewAction[string, string]("greeter.greet")

// Two nodes on one server reach each other; the code that calls is the same as within
// one process. In a program the orchestrator makes the node.
func ExampleNew() {
	quiet := slog.New(slog.DiscardHandler)
	bustest.Trial(func(t testing.TB) {
		server := testnats.Start(t)
		start := func(wire func(*bus.Node)) *bus.Node {
			transport, err := natsbus.New(natsbus.Config{URL: server.URL(), Logger: quiet})
			if err != nil {
				t.Fatal(err)
			}
			node := bus.NewNode(bus.Options{Transport: transport, Logger: quiet})
			wire(node)
			if err := errors.Join(node.Check(), node.Start(t.Context())); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = node.Close(context.Background()) })
			return node
		}
		start(func(n *bus.Node) {
			Greet.Handle(n.View("greeter"), func(_ context.Context, name string) (string, error) {
				return "hello " + name, nil
			})
		})
		shop := start(func(*bus.Node) {}).View("shop")

		answer, err := Greet.Call(t.Context(), shop, "world")
		fmt.Println(answer, err)
		_, err = bus.NewAction[string, string]("greeter.part").Call(t.Context(), shop, "world")
		fmt.Println(err)
		_, err = bus.NewAction[string, string]("nobody.greet").Call(t.Context(), shop, "world")
		fmt.Println(err)
	})
	// Output:
	// hello world <nil>
	// the service greeter has no action greeter.part (unimplemented)
	// nobody.greet cannot be called: no service nobody is running in reach (unavailable)
}
