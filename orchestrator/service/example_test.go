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

// Params are what the service is made of.
type Params struct {
	Bus    *bus.Bus
	Log    *slog.Logger
	Config Config
	Group  *service.Group
}

// New makes the service and registers its handlers.
func New(p Params) (*Service, error) {
	s := &Service{config: p.Config}
	Hello.Handle(p.Bus, func(_ context.Context, name string) (string, error) {
		return s.config.Greeting + ", " + name, nil
	})
	p.Group.Go("chorus", func(ctx context.Context) error {
		<-ctx.Done()
		p.Log.Info("silence")
		return nil
	})
	return s, nil
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

	_, failed := New(Params{Bus: node.View("hello"), Log: log, Config: DefaultConfig(), Group: group})
	greeting, err := Hello.Call(ctx, node.View("test"), "world")
	fmt.Println(greeting, err)
	fmt.Println(errors.Join(failed, node.Check(), group.Stop(ctx), node.Close(ctx)))
	// Output:
	// Hello, world <nil>
	// <nil>
}
