package service_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// Hello is a contract's action; it would stand in package helloapi.
var Hello = bus.NewAction[string, string]("hello.greet")

// Service greets.
type Service struct{ config Config }

// Config is what config.yml may say under services.hello.
type Config struct{ Greeting string }

// DefaultConfig is what holds without it.
func DefaultConfig() Config { return Config{Greeting: "Hello"} }

// New makes the service and registers its handlers.
func New(b *bus.Bus, log *slog.Logger, config Config, group *service.Group) *Service {
	s := &Service{config: config}
	Hello.Handle(b, func(_ context.Context, name string) (string, error) {
		return s.config.Greeting + ", " + name, nil
	})
	group.Go("chorus", func(ctx context.Context) error {
		<-ctx.Done()
		log.Info("silence")
		return nil
	})
	return s
}

// Module is the one line of module.go.
var Module = service.Module[*Service]("hello", New, service.Config(DefaultConfig))

func ExampleModule() {
	fmt.Println(Module.Name)
	// Output: hello
}

// In a plain test a service needs no process: a view of a bus, a logger and a
// group are enough.
func ExampleNewGroup() {
	ctx := context.Background()
	log := slog.New(slog.DiscardHandler)
	node := membus.New(bus.Options{Logger: log})
	group := service.NewGroup(log)

	New(node.View("hello"), log, DefaultConfig(), group)
	greeting, err := Hello.Call(ctx, node.View("test"), "world")
	fmt.Println(greeting, err)
	fmt.Println(errors.Join(node.Check(), group.Stop(ctx), node.Close(ctx)))
	// Output:
	// Hello, world <nil>
	// <nil>
}
