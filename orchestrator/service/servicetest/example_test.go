package servicetest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
)

// What would stand in the contracts of two services.
var (
	Stock = bus.NewAction[string, int]("inventory.stock")
	Order = bus.NewAction[string, string]("orders.order")
)

// Orders is a service that calls another one.
type Orders struct{}

// Config is what config.yml may say under services.orders.
type Config struct {
	Limit int `yaml:"limit"`
}

// Params are what the service is made of.
type Params struct {
	Bus    *bus.Bus
	Config Config
}

// New registers the handler.
func New(p Params) (*Orders, error) {
	Order.Handle(p.Bus, func(ctx context.Context, product string) (string, error) {
		n, err := Stock.Call(ctx, p.Bus, product)
		return fmt.Sprintf("%d of %d", min(n, p.Config.Limit), n), err
	})
	return &Orders{}, nil
}

var module = service.Module[*Orders]("orders", New, service.Config(func() Config { return Config{Limit: 10} }))

// In a test, the body of Trial is the body of the test function.
func ExampleStart() {
	result := bustest.Trial(func(t testing.TB) {
		node := bustest.New(t)
		inventory := bustest.Fake(t, node, Stock, func(context.Context, string) (int, error) { return 12, nil })
		orders := servicetest.Start(t, module, servicetest.On(node), servicetest.Settings("limit: 3"))

		answer, err := Order.Call(t.Context(), orders.Caller(), "mug")
		fmt.Println(answer, err)
		fmt.Println("asked for", inventory.Calls())
	})
	fmt.Println("failed:", result.Failed)
	// Output:
	// 3 of 12 <nil>
	// asked for [mug]
	// failed: false
}

// What is not a setting of the service ends the test, as it would a process.
func ExampleSettings() {
	result := bustest.Trial(func(t testing.TB) {
		servicetest.Start(t, module, servicetest.Settings("limits: 3"))
	})
	fmt.Println(result)
	// Output:
	// the settings of the service orders are refused: settings of the test:3:5: unknown key "limits" in services.orders
	//     3 |     limits: *
	//       |     ^^^^^^
	//     did you mean "limit"? known keys: limit
}

// One line in every service.
func ExampleLifecycle() {
	result := bustest.Trial(func(t testing.TB) {
		servicetest.Lifecycle(t, module, servicetest.Config(func(c *Config) { c.Limit = 1 }))
	})
	fmt.Println("failed:", result.Failed)
	// Output:
	// failed: false
}
