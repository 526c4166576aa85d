package bus_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// The first middleware of the list acts first.
func ExampleAction_Use() {
	node := bus.NewNode(bus.Options{})
	greeter := node.View("greeter")
	greet := bus.NewAction[GreetRequest, GreetResponse]("greeter.greetPolitely")
	type handler = bus.Handler[GreetRequest, GreetResponse]

	logged := func(next handler) handler {
		return func(ctx context.Context, req GreetRequest) (GreetResponse, error) {
			fmt.Printf("logged: %q comes in\n", req.Name)
			res, err := next(ctx, req)
			fmt.Printf("logged: %q goes out\n", res.Text)
			return res, err
		}
	}
	titled := func(next handler) handler {
		return func(ctx context.Context, req GreetRequest) (GreetResponse, error) {
			req.Name = "Lady " + req.Name
			fmt.Printf("titled: %q goes on\n", req.Name)
			return next(ctx, req)
		}
	}
	greet.Use(greeter, logged, titled)
	greet.Handle(greeter, func(_ context.Context, req GreetRequest) (GreetResponse, error) {
		return GreetResponse{"Hello, " + req.Name}, nil
	})

	if _, err := greet.Call(context.Background(), node.View("door"), GreetRequest{"Ada"}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// logged: "Ada" comes in
	// titled: "Lady Ada" goes on
	// logged: "Hello, Lady Ada" goes out
}

// The first observer is the outermost, and what Before returns reaches the handler.
func ExampleObserver() {
	type traceKey struct{}
	named := func(name string) bus.Observer {
		return bus.Observer{
			Before: func(ctx context.Context, i bus.Info) context.Context {
				fmt.Println(name, "before", i.Action, "called by", i.Caller)
				return context.WithValue(ctx, traceKey{}, "trace of "+name)
			},
			After: func(_ context.Context, i bus.Info, err error) {
				fmt.Println(name, "after", i.Action, bus.CodeOf(err))
			},
		}
	}
	node := bus.NewNode(bus.Options{Observers: []bus.Observer{named("outer"), named("inner")}})
	Greet.Handle(node.View("greeter"), func(ctx context.Context, req GreetRequest) (GreetResponse, error) {
		fmt.Println("handler has", ctx.Value(traceKey{}))
		return greet(ctx, req)
	})

	_, _ = Greet.Call(context.Background(), node.View("door"), GreetRequest{})
	// Output:
	// outer before greeter.greet called by door
	// inner before greeter.greet called by door
	// handler has trace of inner
	// inner after greeter.greet invalid_argument
	// outer after greeter.greet invalid_argument
}
