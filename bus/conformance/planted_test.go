package conformance

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// flawed is a transport with one bug.
type flawed struct {
	bus.Transport

	node    *bus.Node
	request func(ctx context.Context, m bus.Message, next requester) ([]byte, error)
	drain   func(ctx context.Context, f *flawed) error
}

type requester func(ctx context.Context, m bus.Message) ([]byte, error)

func (f *flawed) Start(ctx context.Context, n *bus.Node) error {
	f.node = n
	return f.Transport.Start(ctx, n)
}

func (f *flawed) Request(ctx context.Context, m bus.Message) ([]byte, error) {
	if f.request == nil {
		return f.Transport.Request(ctx, m)
	}
	return f.request(ctx, m, f.Transport.Request)
}

func (f *flawed) Drain(ctx context.Context) error {
	if f.drain == nil {
		return f.Transport.Drain(ctx)
	}
	return f.drain(ctx, f)
}

// asking makes a fixture whose requests have a bug.
func asking(request func(ctx context.Context, m bus.Message, next requester) ([]byte, error)) Fixture {
	return linked(func(t bus.Transport) bus.Transport { return &flawed{Transport: t, request: request} })
}

// losesAnswers loses every 50th answer.
func losesAnswers() Fixture {
	var n atomic.Int64
	return asking(func(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
		body, err := next(ctx, m)
		if n.Add(1)%50 == 0 {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return body, err
	})
}

// asksTwice sends each request once more.
func asksTwice(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
	if _, err := next(ctx, m); err != nil {
		return nil, err
	}
	return next(ctx, m)
}

// forgetsDeadlines tells the callee nothing of the caller's deadline.
func forgetsDeadlines(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
	free, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	body, err := next(free, m)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return body, err
}

// forgetsReasons drops what a contract declares about an error.
func forgetsReasons(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
	body, err := next(ctx, m)
	if e, ok := err.(*bus.Error); ok {
		return nil, bus.Errorf(e.Code, "%s", e.Message)
	}
	return body, err
}

// waitsForAll is free only when the handler is.
func waitsForAll(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
	return next(context.WithoutCancel(ctx), m)
}

// oneAtATime serves one request after the other.
func oneAtATime() Fixture {
	return linked(func(t bus.Transport) bus.Transport {
		turn := make(chan struct{}, 1)
		return &flawed{Transport: t, request: func(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
			select {
			case turn <- struct{}{}:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			defer func() { <-turn }()
			return next(ctx, m)
		}}
	})
}

// drains makes a fixture whose drain has a bug.
func drains(how func(ctx context.Context, f *flawed) error) Fixture {
	return linked(func(t bus.Transport) bus.Transport { return &flawed{Transport: t, drain: how} })
}

// sharesMemory hands over the memory of the other side.
func sharesMemory() Fixture {
	return Fixture{
		Name: "one memory", planted: []bus.ActionOption{bus.Shared()},
		Nodes: func(_ testing.TB, o bus.Options) (caller, callee *bus.Node) {
			n := membus.New(o)
			return n, n
		},
	}
}

// The detector is tested: each transport has one bug, and the rows about it fail.
func TestConformanceFindsPlantedBugs(t *testing.T) {
	for name, c := range map[string]struct {
		fixture Fixture
		fails   []string // among others
	}{
		"it loses answers":     {losesAnswers(), []string{"load/100 callers together", "load/one caller's calls are served in order", "errors/a panic harms no other call"}},
		"it asks twice":        {asking(asksTwice), []string{"counts/every outcome, for the callee", "load/one caller's calls are served in order"}},
		"it shares memory":     {sharesMemory(), []string{"isolation/a handler that changes the request", "isolation/a caller that changes the request later", "isolation/a caller that changes the response", "isolation/a handler that changes the response later"}},
		"it forgets deadlines": {asking(forgetsDeadlines), []string{"deadlines/the context's", "deadlines/the policy's", "deadlines/what is left goes down the chain"}},
		"it forgets reasons":   {asking(forgetsReasons), []string{"errors/declared reason", "errors/declared reason is found by errors.Is", "errors/details", "errors/fields of an invalid request", "errors/retryable"}},
		"it forgets who asks": {asking(func(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
			m.Caller, m.RequestID = "", ""
			return next(ctx, m)
		}), []string{"context/a request id reaches the handler", "counts/every outcome, for the callee", "drain/a call that does not end is named"}},
		"it has no patience": {asking(func(ctx context.Context, m bus.Message, next requester) ([]byte, error) {
			hasty, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			defer cancel()
			return next(hasty, m)
		}), []string{"deadlines/a root has the node's default", "counts/time"}},
		"it waits for handlers":   {asking(waitsForAll), []string{"deadlines/the caller of a handler that heeds nothing", "cancel/the caller of a handler that heeds nothing"}},
		"it serves one at a time": {oneAtATime(), []string{"load/20 calls of one action run at the same time"}},
		"its drain refuses nested calls": {drains(func(ctx context.Context, f *flawed) error {
			return f.node.Close(ctx)
		}), []string{"drain/calls below what is in flight are served", "drain/a stopping service may still call"}},
		"its drain does nothing": {drains(func(context.Context, *flawed) error { return nil }), []string{"drain/the callee takes no new calls"}},
	} {
		t.Run(name, func(t *testing.T) {
			failed := failures(t, c.fixture)
			for _, row := range c.fails {
				if !slices.Contains(failed, row) {
					t.Errorf("%q was not found to fail; found were %q", row, failed)
				}
			}
			t.Logf("FIGURE conformance.planted bug=%q rows=%d", name, len(failed))
		})
	}
}
