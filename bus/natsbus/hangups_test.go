package natsbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// A caller that gives up takes its request back: the handler's context ends immediately,
// and one that waits for a place is not served at all.
func TestCancellationCrosses(t *testing.T) {
	s := testnats.Start(t)
	ended, served := make(chan error, 2), make(chan string, 2)
	callee := alone(t, Config{URL: s.URL(), Concurrency: 1}, func(n *bus.Node) {
		wait.Handle(n.View("oracle"), func(ctx context.Context, q question) (reading, error) {
			served <- q.Text
			<-ctx.Done()
			ended <- ctx.Err()
			return reading{}, ctx.Err()
		})
	})
	shop := newNode(t, s.URL(), nil).View("shop")
	call := func(text string) (giveUp context.CancelFunc, answer chan error) {
		ctx, cancel := context.WithCancel(t.Context())
		answer = make(chan error, 1)
		go func() {
			_, err := wait.Call(ctx, shop, question{Text: text})
			answer <- err
		}()
		return cancel, answer
	}
	giveUpFirst, first := call("first")
	<-served
	giveUpSecond, second := call("second")
	until(t, "the second waits for a place", func() bool { return inside(callee) == 2 })
	giveUpSecond()
	if err := <-second; bus.CodeOf(err) != bus.Canceled {
		t.Errorf("the caller got %v", err)
	}
	until(t, "the second is gone", func() bool { return inside(callee) == 1 })
	giveUpFirst()
	if err := <-first; bus.CodeOf(err) != bus.Canceled {
		t.Errorf("the caller got %v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler's context ended with %v", err)
	}
	until(t, "nothing is left", func() bool { return inside(callee) == 0 && registered(callee) == 0 })
	if len(served) > 0 {
		t.Errorf("%q was served though nobody waited for it", <-served)
	}
}

// A request that is given up before it arrives is found all the same, once it does.
func TestEarlyCancellation(t *testing.T) {
	var h hangups
	for i := range 1000 {
		h.hang(fmt.Sprint("r", i))
	}
	h.hang(strings.Repeat("x", maxReply+1))
	if n := len(h.early.replies); n != len(h.early.order) {
		t.Errorf("%d are remembered of 1,000", n)
	}
	arrive := func(reply string) *arrival {
		a := &arrival{msg: &nats.Msg{Reply: reply, Header: envelope{}.header()}}
		h.add(a)
		return a
	}
	if err := arrive("r999").Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("the one that was given up: %v", err)
	}
	if err := arrive("r999").Err(); err != nil {
		t.Errorf("another one with its subject: %v", err)
	}
	other, twin := arrive("r"), arrive("r")
	h.remove(other)
	h.hang("r")
	if other.Err() != nil || twin.Err() == nil {
		t.Errorf("of two with one subject the wrong one was given up: %v, %v", other.Err(), twin.Err())
	}
	third := arrive("r")
	h.remove(third)
	h.remove(twin)
	if left := h.all(); len(left) != 2 { // those of r999
		t.Errorf("%d are left", len(left))
	}
}

// A program that waits for all its answers at one subject, and gives up one of its
// requests late, has the others served: also by an instance that never saw the one.
func TestLateCancellationOfAFixedSubject(t *testing.T) {
	s := testnats.Start(t)
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	nc := client(t, s)
	answers, err := nc.SubscribeSync("program.answers")
	if err != nil {
		t.Fatal(err)
	}
	send := func(text string) string {
		if err := nc.PublishRequest("platform.oracle.ask", "program.answers", []byte(`{"text":"`+text+`"}`)); err != nil {
			t.Fatal(err)
		}
		msg, err := answers.NextMsg(3 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		return string(msg.Data)
	}
	send("first")
	if err := errors.Join(nc.Publish("platform.cancels.oracle", []byte("program.answers")), nc.Flush()); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if got := send("later"); !strings.Contains(got, `"text":"later"`) {
			t.Fatalf("a later request got %s", got)
		}
	}
}

// A request that waits for a place goes when its deadline has passed: the place in the
// queue is for those that somebody waits for.
func TestDeadRequestsLeaveTheQueue(t *testing.T) {
	s := testnats.Start(t)
	release := make(chan struct{})
	callee := alone(t, Config{URL: s.URL(), Concurrency: 1, Queue: 3}, func(n *bus.Node) {
		wait.Handle(n.View("oracle"), func(context.Context, question) (reading, error) {
			<-release
			return reading{}, nil
		})
	})
	shop := newNode(t, s.URL(), nil).View("shop")
	brief := wait.With(bus.Timeout(50 * time.Millisecond))
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			if _, err := brief.Call(context.Background(), shop, question{}); bus.CodeOf(err) != bus.DeadlineExceeded {
				t.Errorf("got %v", err)
			}
		})
	}
	callers.Wait()
	until(t, "those that wait are gone", func() bool { return inside(callee) == 1 })
	close(release)
	if _, err := wait.Call(t.Context(), shop, question{}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// alone makes and starts a node of one service, and gives what serves it.
func alone(t *testing.T, c Config, wire func(*bus.Node)) *served {
	t.Helper()
	n, made := build(t, c, bus.Options{}, wire)
	begin(t, n)
	return made.all()[0]
}

// inside is how many requests a service has, served or waiting for a place.
func inside(s *served) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.endpoints["oracle.wait"]
	if d == nil {
		return 0
	}
	return d.inside.Load()
}

// registered is how many requests were not answered.
func registered(s *served) int {
	s.hangups.mu.Lock()
	defer s.hangups.mu.Unlock()
	return len(s.hangups.calls)
}
