package client_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
)

func ExampleCall() {
	node := membus.New(bus.Options{})
	greet.Handle(node.View("fixture"), func(_ context.Context, in greeting) (greeting, error) {
		if in.Name == "Bob" {
			return greeting{}, errTaken.Errorf("the name %s is taken", in.Name)
		}
		return greeting{Name: "Hello, " + in.Name}, nil
	})
	server := admin.New(admin.Options{Node: node, Address: "127.0.0.1:0", Development: true})
	addr, err := server.Listen(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()

	url := "http://" + addr.String()
	answer, err := client.Call(context.Background(), url, "fixture.greet", []byte(`{"name":"Ada"}`), client.Options{})
	fmt.Printf("%s %v\n", answer, err)
	_, err = client.Call(context.Background(), url, "fixture.greet", []byte(`{"name":"Bob"}`), client.Options{})
	fmt.Println(err)
	fmt.Println(errors.Is(err, errTaken), bus.IsRemote(err))

	fmt.Println(server.Shutdown(context.Background()), <-served)
	// Output:
	// {"name":"Hello, Ada"} <nil>
	// fixture.greet failed: the name Bob is taken (already_exists)
	// true true
	// <nil> <nil>
}
