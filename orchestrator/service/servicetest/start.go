package servicetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// Service is one service that runs in a test.
type Service struct {
	t    testing.TB
	node *bus.Node
	life *life
}

// Start runs a service until the end of the test, which fails if the service
// cannot stop, or if one of its goroutines fails meanwhile. Events that were accepted
// by then are handled first, for a second at most. The test ends at once
// if the settings are refused, the service cannot be made or started, the wiring
// has mistakes, or an action that the service calls is served by nobody on the
// node.
func Start(t testing.TB, d service.Definition, opts ...Option) *Service {
	t.Helper()
	o := collect(opts)
	if o.node == nil {
		o.node = bustest.New(t)
	}
	l, err := newLife(d, o, bustest.Logger(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{t: t, node: o.node, life: l}
	s.demand(d, o)
	if err := l.start(); err != nil {
		t.Fatalf("the service %s did not start: %v", d.Name, err)
	}
	t.Cleanup(func() {
		s.drain()
		if err := s.Stop(); err != nil {
			t.Errorf("the service %s did not stop as it should: %v", d.Name, err)
		}
	})
	return s
}

// drainTime bounds the wait for what is in progress when a test ends: what the test
// itself holds back would be waited for in vain.
const drainTime = time.Second

// drain lets the events that were accepted be handled before the service stops, as a
// process does.
func (s *Service) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	_ = s.node.Drain(ctx) // what is left is told when the service stops
}

// demand ends the test if a callee is missing.
func (s *Service) demand(d service.Definition, o *options) {
	s.t.Helper()
	calls, err := callsOf(d.Name, d.Source())
	if err != nil {
		s.t.Logf("what the service %s calls is not known: %v", d.Name, err)
		return
	}
	if missing := missing(calls, o.node.Actions(), o.without); len(missing) > 0 {
		s.t.Fatalf("the service %s calls what nobody serves in this test:\n%s\ngive each a fake with bustest.Fake on the node of the test, or say servicetest.Without",
			d.Name, strings.Join(missing, "\n"))
	}
}

// missing describes the calls that no handler is there for.
func missing(calls []use, known []bus.ActionInfo, without map[string]bool) []string {
	handled := map[string]bool{}
	for _, a := range known {
		handled[a.Name] = a.Handled
	}
	var lines []string
	for _, u := range calls {
		if !handled[u.action] && !without[u.action] {
			lines = append(lines, fmt.Sprintf("  %s as %s, first in %s", u.action, u.name, u.position))
		}
	}
	return lines
}

// Node is the bus that the service runs on.
func (s *Service) Node() *bus.Node { return s.node }

// Caller is the bus as somebody else sees it, named "test": what the service's
// actions are called with.
func (s *Service) Caller() *bus.Bus { return s.node.View("test") }

// Stop ends the service now instead of at the end of the test. The error has what
// its Stop returned, a budget that was spent, and the failures of its goroutines
// since the start. Calling it again does nothing.
func (s *Service) Stop() error { return s.life.stop() }
