package orchestrator_test

import (
	"context"
	"fmt"
	"os"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// greet would stand in a contract, package helloapi.
var greet = bus.NewAction[string, string]("hello.greet").Example("world")

// Hello is a service.
type Hello struct{}

// Params are what it is made of.
type Params struct{ Bus *bus.Bus }

// NewHello registers its handler.
func NewHello(p Params) (*Hello, error) {
	greet.Handle(p.Bus, func(_ context.Context, name string) (string, error) { return "Hello, " + name, nil })
	return &Hello{}, nil
}

// program is what tools/gen writes for a variant: the services in start order,
// the transports, the manifest.
func program() orchestrator.Binary {
	selected := manifest.Selection{Variant: "hello", Services: []string{"hello"}, Transports: []string{"memory"}}
	data, err := manifest.Marshal(manifest.Manifest{
		Variant: "hello", Transports: []string{"memory"}, Selection: selected, Config: selected.Digest(),
		Services: []manifest.Service{{Name: "hello", Import: "example.com/shop/services/hello"}},
	})
	if err != nil {
		panic(err)
	}
	return orchestrator.Binary{
		Manifest:   data,
		Services:   orchestrator.Services(service.Module[*Hello]("hello", NewHello)),
		Transports: orchestrator.Transports(membus.Transport),
	}
}

// A test runs a program in its own process: Run returns the exit code, and
// everything around the program can be replaced.
func ExampleRun() {
	code := orchestrator.Run(context.Background(), program(), orchestrator.Options{
		Args: []string{"call", "--example", "hello.greet"},
		Env:  func(string) (string, bool) { return "", false },
		Dir:  os.TempDir(),
	})
	fmt.Println("exit code", code)
	// Output:
	// "world"
	// exit code 0
}
