package orchestrator_test

import (
	"context"
	"errors"
	"testing"
)

// What went wrong in one step of a stop does not hide what went wrong in another.
func TestEveryErrorOfAStopIsReported(t *testing.T) {
	fails := func(text string) func(context.Context) error {
		return func(context.Context) error { return errors.New(text) }
	}
	r := newRig(t, binary(t, "dev",
		&fixture{name: "apps", stop: fails("the file of apps is locked")},
		&fixture{name: "pricing", stop: fails("the queue of pricing is lost")}))
	r.start()
	r.want(r.stop(), 1, `service "apps" failed to stop`, "the file of apps is locked",
		`service "pricing" failed to stop`, "the queue of pricing is lost")
}
