package bus_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// Both are metadata: they go with a request wherever it leads.
var (
	language   = bus.NewMetadata("language")
	experiment = bus.NewMetadata("experiment")
)

func ExampleMetadata() {
	node := bus.NewNode(bus.Options{})
	greet := bus.NewAction[GreetRequest, GreetResponse]("greeter.greetInLanguage")
	greet.Handle(node.View("greeter"), func(ctx context.Context, req GreetRequest) (GreetResponse, error) {
		if language.Of(ctx) == "uk" {
			return GreetResponse{"Вітаю, " + req.Name}, nil
		}
		return GreetResponse{"Hello, " + req.Name}, nil
	})

	ctx := experiment.With(language.With(context.Background(), "uk"), "short-form")
	res, err := greet.Call(ctx, node.View("door"), GreetRequest{"Ada"})
	fmt.Println(res.Text, err)
	fmt.Println(bus.Baggage(ctx))
	// Output:
	// Вітаю, Ada <nil>
	// language=uk,experiment=short-form
}
