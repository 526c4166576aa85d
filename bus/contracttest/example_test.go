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
