package servicetest

import (
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// Lifecycle holds a service to what package service says of its life:
//
//   - it can be made and thrown away without a start;
//   - it goes on running when the context of its Start has ended, and answers the
//     call of Probe if there is one;
//   - it stops, within its budget, and a second stop does nothing;
//   - it can have any number of lives in one process, one after the other and at
//     the same time;
//   - no goroutine is left behind by any of this.
//
// A life has one start: a process that wants another makes the service anew, and so
// does Lifecycle. Every life has a node of its own; On is not used. What the service
// calls is served by nobody there, so a service whose Start needs it fails here.
func Lifecycle(t testing.TB, d service.Definition, opts ...Option) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	c := &check{t: t, definition: d, opts: opts}
	c.neverStarted()
	c.oneLife()
	c.manyLives()
	if err := goleak.Find(before); err != nil {
		t.Errorf("the service %s leaves goroutines behind: %v", d.Name, err)
	}
}

// lives is how many lives a service has at the same time and after one another.
const lives = 5

// check is one run of Lifecycle.
type check struct {
	t          testing.TB
	definition service.Definition
	opts       []Option
}

// life makes the service on a new node, or ends the test.
func (c *check) life() (*life, *options) {
	c.t.Helper()
	o := collect(c.opts)
	o.node = bustest.New(c.t)
	l, err := newLife(c.definition, o, bustest.Logger(c.t))
	if err != nil {
		c.t.Fatal(err)
	}
	return l, o
}

func (c *check) neverStarted() {
	c.t.Helper()
	l, _ := c.life()
	c.expect(l.stop(), "stopped without a start")
	c.is(l, lifecycle.New, "was not started")
}

func (c *check) oneLife() {
	c.t.Helper()
	l, o := c.life()
	if err := l.start(); err != nil {
		c.t.Fatalf("the service %s did not start: %v", c.definition.Name, err)
	}
	c.is(l, lifecycle.Running, "has started")
	c.expect(c.probe(o.node, o), "called after its start")
	c.expect(l.stop(), "stopped")
	c.is(l, lifecycle.Terminated, "was stopped")
	c.expect(l.stop(), "stopped twice")
}

func (c *check) probe(n *bus.Node, o *options) error { return o.probe(n.View("test")) }

func (c *check) manyLives() {
	c.t.Helper()
	for round := range lives {
		var together []*life
		for range lives {
			l, o := c.life()
			together = append(together, l)
			c.expect(l.start(), fmt.Sprintf("started in round %d", round+1))
			c.expect(c.probe(o.node, o), fmt.Sprintf("called in round %d", round+1))
		}
		for _, l := range together {
			c.expect(l.stop(), fmt.Sprintf("stopped in round %d", round+1))
		}
	}
}

// expect reports an error of what was done with the service.
func (c *check) expect(err error, done string) {
	c.t.Helper()
	if err != nil {
		c.t.Errorf("the service %s, %s: %v", c.definition.Name, done, err)
	}
}

// is reports a service that is in another state after something happened to it.
func (c *check) is(l *life, want lifecycle.State, after string) {
	c.t.Helper()
	if got := l.state(); got.State != want {
		c.t.Errorf("the service %s %s and is %s, not %s (%v)", c.definition.Name, after, got.State, want, got.Err)
	}
}
