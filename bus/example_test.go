package bus_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// What a contract package declares.
type (
	GreetRequest  struct{ Name string }
	GreetResponse struct{ Text string }
)

var (
	Greet = bus.NewAction[GreetRequest, GreetResponse]("greeter.greet").
		Doc("Greets somebody by name.").
		Example(GreetRequest{"Ada"})
	ErrNoName = bus.NewError(bus.InvalidArgument, "greeter.noName")
)

func greet(_ context.Context, req GreetRequest) (GreetResponse, error) {
	if req.Name == "" {
		return GreetResponse{}, ErrNoName.Errorf("a greeting needs a name")
	}
	return GreetResponse{"Hello, " + req.Name + "!"}, nil
}

func Example() {
	node := bus.NewNode(bus.Options{})
	Greet.Handle(node.View("greeter"), greet)
	if err := node.Check(); err != nil {
		fmt.Println(err)
		return
	}

	door := node.View("door")
	res, err := Greet.Call(context.Background(), door, GreetRequest{"Ada"})
	fmt.Println(res.Text, err)

	_, err = Greet.Call(context.Background(), door, GreetRequest{})
	fmt.Println(err)
	fmt.Println(errors.Is(err, ErrNoName), bus.CodeOf(err))

	for _, s := range node.Stats() {
		fmt.Println(s.Caller, "->", s.Action, s.Requests[bus.OK], "ok,", s.Duration.Count, "in all")
	}
	// Output:
	// Hello, Ada! <nil>
	// greeter.greet failed: a greeting needs a name (invalid_argument)
	// true invalid_argument
	// door -> greeter.greet 1 ok, 2 in all
}

// A policy is bound once; the value is kept.
func ExampleAction_With() {
	node := bus.NewNode(bus.Options{})
	sleep := bus.NewAction[struct{}, struct{}]("greeter.sleep")
	sleep.Handle(node.View("greeter"), func(ctx context.Context, _ struct{}) (struct{}, error) {
		<-ctx.Done()
		return struct{}{}, ctx.Err()
	})
	hurried := sleep.With(bus.Timeout(time.Millisecond))

	_, err := hurried.Call(context.Background(), node.View("door"), struct{}{})
	fmt.Println(bus.CodeOf(err))
	// Output: deadline_exceeded
}

// Who is neither linked nor in reach is Unavailable, by name.
func ExampleCodeOf() {
	node := bus.NewNode(bus.Options{})
	_, err := Greet.Call(context.Background(), node.View("door"), GreetRequest{"Ada"})
	if bus.CodeOf(err) == bus.Unavailable {
		fmt.Println(err)
	}
	// Output: greeter.greet cannot be called: no service greeter is running in reach (unavailable)
}

func ExampleNode_CallJSON() {
	node := bus.NewNode(bus.Options{})
	Greet.Handle(node.View("greeter"), greet)
	console := node.View("console")

	out, err := node.CallJSON(context.Background(), console, "greeter.greet", []byte(`{"Name":"Ada"}`))
	fmt.Println(string(out), err)
	_, err = node.CallJSON(context.Background(), console, "greeter.greet", []byte(`{"Nmae":"Ada"}`))
	fmt.Println(err)
	// Output:
	// {"Text":"Hello, Ada!"} <nil>
	// the body is no request of greeter.greet: Nmae is no known field (invalid_argument)
}
