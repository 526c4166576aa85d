package bus_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// A policy is bound once, and the bound value is kept.
func ExampleRetry() {
	node := bus.NewNode(bus.Options{})
	stock := bus.NewAction[string, int]("inventory.stock", bus.Idempotent())
	tries := 0
	stock.Handle(node.View("inventory"), func(context.Context, string) (int, error) {
		if tries++; tries < 3 {
			return 0, bus.Errorf(bus.Unavailable, "the database restarts")
		}
		return 42, nil
	})
	patient := stock.With(bus.Retry(bus.RetryPolicy{Attempts: 5, Base: time.Millisecond}))

	shop := node.View("shop")
	_, err := stock.Call(context.Background(), shop, "tea")
	fmt.Println("without:", bus.CodeOf(err))
	left, err := patient.Call(context.Background(), shop, "tea")
	fmt.Println("with:", left, err, "after", tries, "calls")
	// Output:
	// without: unavailable
	// with: 42 <nil> after 3 calls
}

// An open breaker answers immediately, without a call.
func ExampleBreaker() {
	node := bus.NewNode(bus.Options{})
	rates := bus.NewAction[string, float64]("bank.rate")
	calls := 0
	rates.Handle(node.View("bank"), func(context.Context, string) (float64, error) {
		calls++
		return 0, bus.Errorf(bus.Unavailable, "the bank is closed")
	})
	bound := rates.With(bus.Breaker(bus.BreakerPolicy{MinRequests: 3, OpenFor: time.Minute}))

	for range 5 {
		_, err := bound.Call(context.Background(), node.View("shop"), "EUR")
		fmt.Println(bus.CodeOf(err), errors.Is(err, bus.ErrBreakerOpen))
	}
	fmt.Println(calls, "calls,", node.PolicyStats()[0].Breaker.State)
	// Output:
	// unavailable false
	// unavailable false
	// unavailable false
	// unavailable true
	// unavailable true
	// 3 calls, open
}

// What is beyond the bound is refused, or waits if there is a queue.
func ExampleBulkhead() {
	node := bus.NewNode(bus.Options{})
	report := bus.NewAction[int, string]("office.report")
	begun, end := make(chan struct{}), make(chan struct{})
	report.Handle(node.View("office"), func(context.Context, int) (string, error) {
		close(begun)
		<-end
		return "done", nil
	})
	oneAtATime := report.With(bus.Bulkhead(bus.BulkheadPolicy{Concurrency: 1}))

	first := make(chan string)
	go func() {
		text, _ := oneAtATime.Call(context.Background(), node.View("shop"), 2025)
		first <- text
	}()
	<-begun
	_, err := oneAtATime.Call(context.Background(), node.View("shop"), 2026)
	fmt.Println(bus.CodeOf(err), errors.Is(err, bus.ErrBulkheadFull))
	close(end)
	fmt.Println(<-first)
	// Output:
	// resource_exhausted true
	// done
}

// The cache keeps answers apart by what Vary says.
func ExampleCache() {
	type project struct{}
	node := bus.NewNode(bus.Options{})
	price := bus.NewAction[string, string]("pricing.price", bus.Idempotent())
	price.Handle(node.View("pricing"), func(ctx context.Context, product string) (string, error) {
		fmt.Println("asked for", product, "in", ctx.Value(project{}))
		return product + " costs 3 in " + ctx.Value(project{}).(string), nil
	})
	kept := price.With(bus.Cache(bus.CachePolicy{TTL: time.Minute, Vary: func(ctx context.Context) string {
		id, _ := ctx.Value(project{}).(string)
		return id
	}}))

	for _, id := range []string{"north", "north", "south"} {
		ctx := context.WithValue(context.Background(), project{}, id)
		text, _ := kept.Call(ctx, node.View("shop"), "tea")
		fmt.Println(text)
	}
	// Output:
	// asked for tea in north
	// tea costs 3 in north
	// tea costs 3 in north
	// asked for tea in south
	// tea costs 3 in south
}

// Policies act in one order, whatever the order of the list: the breaker judges
// every attempt of Retry, and what the breaker refuses is not tried again.
func ExampleAction_With_order() {
	node := bus.NewNode(bus.Options{})
	rates := bus.NewAction[string, float64]("bank.rate", bus.Idempotent())
	calls := 0
	rates.Handle(node.View("bank"), func(context.Context, string) (float64, error) {
		calls++
		return 0, bus.Errorf(bus.Unavailable, "the bank is closed")
	})
	careful := rates.With(
		bus.Breaker(bus.BreakerPolicy{MinRequests: 2}),
		bus.Retry(bus.RetryPolicy{Attempts: 10, Base: time.Millisecond}),
		bus.Timeout(time.Second),
	)

	_, err := careful.Call(context.Background(), node.View("shop"), "EUR")
	fmt.Println(calls, "calls:", err)
	// Output:
	// 2 calls: bank.rate is not called at present: too many calls failed, and its circuit breaker is open (unavailable)
}

// The caller comes back in time, whatever the handler does.
func ExampleDetached() {
	node := bus.NewNode(bus.Options{})
	count := bus.NewAction[int, int]("office.count", bus.Detached())
	end := make(chan struct{})
	count.Handle(node.View("office"), func(context.Context, int) (int, error) {
		<-end // does not look at its context
		return 1, nil
	})

	_, err := count.With(bus.Timeout(time.Millisecond)).Call(context.Background(), node.View("shop"), 1)
	fmt.Println(bus.CodeOf(err))
	fmt.Println("still running:", node.InFlight()[0].Action)
	close(end)
	fmt.Println("drained:", node.Drain(context.Background()))
	// Output:
	// deadline_exceeded
	// still running: office.count
	// drained: <nil>
}
