package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// What a contract package declares.
type OrderCreated struct {
	Number string `json:"number"`
}

var Created = bus.NewEvent[OrderCreated]("orders.created").
	Doc("An order was placed.").
	Example(OrderCreated{"A-1"})

func ExampleEvent() {
	node := bus.NewNode(bus.Options{})
	Created.Subscribe(node.View("mail"), func(_ context.Context, o OrderCreated) error {
		fmt.Println("mail about", o.Number)
		return nil
	})
	if err := node.Check(); err != nil {
		fmt.Println(err)
		return
	}

	orders := node.View("orders")
	for _, number := range []string{"A-1", "A-2"} {
		if err := Created.Emit(context.Background(), orders, OrderCreated{number}); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(node.Drain(context.Background())) // waits for what was emitted

	err := Created.Emit(context.Background(), orders, OrderCreated{"A-3"})
	fmt.Println(bus.CodeOf(err))
	// Output:
	// mail about A-1
	// mail about A-2
	// <nil>
	// unavailable
}

// An emitter that has to know waits until the transport's server has the event. Over
// memory there is none, and the event is in the queues immediately.
func ExampleEvent_Flushed() {
	node := bus.NewNode(bus.Options{})
	Created.Subscribe(node.View("mail"), func(_ context.Context, o OrderCreated) error {
		fmt.Println("mail about", o.Number)
		return nil
	})
	certain := Created.Flushed() // keep it

	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	switch err := certain.Emit(ctx, node.View("orders"), OrderCreated{"A-1"}); {
	case err == nil:
		fmt.Println("the server has it")
	case errors.Is(err, bus.ErrOutcomeUnknown), errors.Is(err, context.DeadlineExceeded):
		fmt.Println("the server may have it") // emit it again if twice does no harm
	default:
		fmt.Println("the server does not have it:", err)
	}
	_ = node.Drain(context.Background())
	// Unordered output:
	// the server has it
	// mail about A-1
}

// A slow subscriber loses what it has no room for, and nobody else does.
func ExampleQueueSize() {
	node := bus.NewNode(bus.Options{})
	busy := make(chan struct{})
	begun := make(chan struct{}, 5)
	Created.Subscribe(node.View("archive"), func(context.Context, OrderCreated) error {
		begun <- struct{}{}
		<-busy
		return nil
	}, bus.QueueSize(2))

	orders := node.View("orders")
	for i := range 5 {
		_ = Created.Emit(context.Background(), orders, OrderCreated{})
		if i == 0 {
			<-begun // it has the first one in hand
		}
	}
	close(busy)
	_ = node.Drain(context.Background())
	archive := node.EventStats().Subscribers[0]
	fmt.Println(archive.Delivered, "delivered,", archive.Dropped[bus.QueueFull], "dropped:", bus.QueueFull)
	// Output:
	// 3 delivered, 2 dropped: queue_full
}

func ExampleBus_SubscribeAll() {
	node := bus.NewNode(bus.Options{Logger: slog.New(slog.DiscardHandler)})
	stop, err := node.View("console").SubscribeAll("orders.>", func(_ context.Context, n bus.Notice) error {
		fmt.Println(n.Event, "by", n.Emitter, string(n.Body))
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = Created.Emit(context.Background(), node.View("orders"), OrderCreated{"A-1"})
	_ = node.Drain(context.Background())
	stop()
	// Output:
	// orders.created by orders {"number":"A-1"}
}
