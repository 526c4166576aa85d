package natsbus

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// Callers of what a stop cuts off hear of it: what was begun may have been done, what
// waited was not. Contexts end before the connection does, and what a handler says
// afterwards is nothing to anybody.
func TestCutCallsAreAnswered(t *testing.T) {
	s := testnats.Start(t)
	arrived, ended, release := make(chan string, 2), make(chan error, 2), make(chan struct{})
	callee, made := build(t, Config{URL: s.URL(), Concurrency: 1}, bus.Options{}, func(n *bus.Node) {
		wait.Handle(n.View("oracle"), func(ctx context.Context, q question) (reading, error) {
			arrived <- q.Text
			<-ctx.Done()
			ended <- ctx.Err()
			<-release
			return reading{Text: "late"}, nil
		})
	})
	begin(t, callee)
	shop := newNode(t, s.URL(), nil).View("shop")
	call := func(text string) chan error {
		answer := make(chan error, 1)
		go func() {
			_, err := wait.With(bus.Timeout(time.Minute)).Call(context.Background(), shop, question{Text: text})
			answer <- err
		}()
		return answer
	}
	first := call("first")
	<-arrived
	second := call("second")
	until(t, "the second waits for a place", func() bool { return inside(made.all()[0]) == 2 })
	nc := client(t, s)
	if err := errors.Join(nc.PublishMsg(&nats.Msg{Subject: "platform.oracle.wait"}), nc.Flush()); err != nil {
		t.Fatal(err)
	}
	until(t, "a third, which nobody waits for", func() bool { return inside(made.all()[0]) == 3 })

	ctx, cancel := context.WithTimeout(t.Context(), handling)
	defer cancel()
	if err := callee.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the drain: %v", err)
	}
	if err := <-first; bus.CodeOf(err) != bus.Unavailable || !errors.Is(err, bus.ErrOutcomeUnknown) || !bus.IsRemote(err) {
		t.Errorf("the one that was begun: %v", err)
	}
	var refused *bus.Error
	if err := <-second; !errors.As(err, &refused) || refused.Code != bus.Unavailable || errors.Is(err, bus.ErrOutcomeUnknown) || !refused.Retryable {
		t.Errorf("the one that waited: %v", err)
	}
	if err := callee.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the context of the handler ended with %v", err)
	}
	close(release)
	until(t, "nothing is left", func() bool { return registered(made.all()[0]) == 0 })
	if len(arrived) > 0 {
		t.Errorf("%q was begun after its caller was told that it was not", <-arrived)
	}
}

// A process that closes without a drain answers as well.
func TestCloseAnswersWhatIsServed(t *testing.T) {
	s := testnats.Start(t)
	var o *oracle
	callee := newNode(t, s.URL(), func(n *bus.Node) { o = newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")
	answer := make(chan error, 1)
	go func() {
		_, err := wait.With(bus.Timeout(time.Minute)).Call(context.Background(), shop, question{})
		answer <- err
	}()
	<-o.arrived
	if err := callee.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-answer; !errors.Is(err, bus.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
}

// What arrives while the rest is cut off answers for itself.
func TestArrivalAfterTheCut(t *testing.T) {
	s := testnats.Start(t)
	n, made := build(t, Config{URL: s.URL()}, bus.Options{}, func(n *bus.Node) { newOracle(n) })
	begin(t, n)
	made.abandon()
	_, err := ask.Call(t.Context(), newNode(t, s.URL(), nil).View("shop"), question{})
	var refused *bus.Error
	if !errors.As(err, &refused) || refused.Code != bus.Unavailable || !refused.Retryable {
		t.Errorf("got %v", err)
	}
}
