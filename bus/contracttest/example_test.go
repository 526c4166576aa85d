package contracttest_test

import (
	"fmt"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/contracttest"
)

// The test of a contract, which was never recorded. In a test it is given its t.
func ExampleAction() {
	type greeting struct {
		Name string `json:"name" schema:"required"`
	}
	greet := bus.NewAction[greeting, greeting]("hello.greet").Example(greeting{Name: "Ada"})

	result := bustest.Trial(func(t testing.TB) {
		contracttest.Action(t, greet)
	})
	fmt.Println(result)
	// Output: hello.greet has no record yet: run this test with -update and commit what it writes
}

// An event is compared in the same way, and in the same test of its contract. Here its
// example breaks a rule of its own.
func ExampleEvent() {
	type greeted struct {
		Name string `json:"name" schema:"required"`
	}
	event := bus.NewEvent[greeted]("hello.greeted").Example(greeted{Name: ""})

	result := bustest.Trial(func(t testing.TB) {
		contracttest.Event(t, event)
	})
	for _, line := range result.Log {
		fmt.Println(line)
	}
	// Output:
	// the example of hello.greeted is refused: hello.greeted failed: the request is not valid: name must not be empty (invalid_argument)
	// hello.greeted has no record yet: run this test with -update and commit what it writes
}
