package bustest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
)

// Faked is an action that a test answers, with the requests it was asked. It is
// safe for concurrent use.
type Faked[Req, Res any] struct {
	mu     sync.Mutex
	answer func(ctx context.Context, req Req) (Res, error)
	calls  []Req
}

// Fake makes the test the handler of another service's action on the node: answer
// is called as that service's handler would be. A nil answer gives the zero
// response. The test ends immediately if the action cannot be handled here, for
// instance because it is already.
func Fake[Req, Res any](t testing.TB, n *bus.Node, a *bus.Action[Req, Res], answer func(ctx context.Context, req Req) (Res, error)) *Faked[Req, Res] {
	t.Helper()
	f := &Faked[Req, Res]{answer: answer}
	wire(t, n, a.Name()+" cannot be faked", func() { a.Handle(n.View(a.Service()), f.handle) })
	return f
}

// wire does something to the node, and ends the test if it was a mistake.
func wire(t testing.TB, n *bus.Node, complaint string, do func()) {
	t.Helper()
	before := n.Check()
	do()
	if after := n.Check(); after != nil && (before == nil || before.Error() != after.Error()) {
		t.Fatalf("%s: %v", complaint, after)
	}
}

// Calls are the requests so far, in the order in which they came. They are the
// fake's own: the service that made them cannot change them any more.
func (f *Faked[Req, Res]) Calls() []Req {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Answer replaces what the fake does from now on.
func (f *Faked[Req, Res]) Answer(answer func(ctx context.Context, req Req) (Res, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

func (f *Faked[Req, Res]) handle(ctx context.Context, req Req) (Res, error) {
	f.mu.Lock()
	f.calls = append(f.calls, req)
	answer := f.answer
	f.mu.Unlock()
	if answer == nil {
		var zero Res
		return zero, nil
	}
	return answer(ctx, req)
}
