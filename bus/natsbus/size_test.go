package natsbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/conformance"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// steps tries sizes of messages between two nodes.
type steps struct {
	t         *testing.T
	measure   *bus.Action[string, int]
	spell     *bus.Action[int, string]
	said      *bus.Event[string]
	heard     chan int
	served    []string // who gets an event without its being sent
	shop      *bus.Bus
	refusedIn time.Duration // the longest that a refusal took
}

func newSteps(t *testing.T, f conformance.Fixture) *steps {
	t.Helper()
	caller, callee := f.Nodes(t, bus.Options{Logger: bustest.Logger(t)})
	s := &steps{
		t: t, shop: caller.View("shop"), heard: make(chan int, 100), measure: bus.NewAction[string, int]("oracle.measure"),
		spell: bus.NewAction[int, string]("oracle.spell"), said: bus.NewEvent[string]("oracle.said"),
	}
	b := callee.View("oracle")
	s.measure.Handle(b, func(_ context.Context, text string) (int, error) { return len(text), nil })
	s.spell.Handle(b, func(_ context.Context, n int) (string, error) { return strings.Repeat("x", n), nil })
	s.said.Subscribe(b, func(_ context.Context, text string) error {
		s.heard <- len(text)
		return nil
	})
	startNode(t, callee)
	if caller == callee {
		s.served = []string{"oracle"}
	} else {
		startNode(t, caller)
	}
	return s
}

// frame is what the bus adds to a message: its header, and the quotes of a JSON text.
func frame(h nats.Header) int { return int(payload(&nats.Msg{Header: h})) + len(`""`) }

// try sends so many bytes in a message, of each kind, and gives what became of it.
func (s *steps) try(size int) (request, reply, event bus.Code) {
	s.t.Helper()
	// The header of a request is as long as the time that is left.
	ctx, cancel := context.WithTimeout(bus.WithRequestID(s.t.Context(), "r"), 60*time.Second)
	defer cancel()
	header := envelope{left: 59 * time.Second, caller: "shop", requestID: "r"}.header()
	request = s.outcome(func() (int, int, error) {
		text := strings.Repeat("x", max(size-frame(header), 0))
		n, err := s.measure.Call(ctx, s.shop, text)
		return len(text), n, err
	})
	reply = s.outcome(func() (int, int, error) {
		want := max(size-frame(nil), 0)
		text, err := s.spell.Call(ctx, s.shop, want)
		return want, len(text), err
	})
	event = s.outcome(func() (int, int, error) {
		header := notice(bus.Publication{Node: strings.Repeat("i", 10), Emitter: "shop", RequestID: "r", Served: s.served})
		text := strings.Repeat("x", max(size-frame(header), 0))
		err := s.said.Emit(ctx, s.shop, text)
		if err != nil && s.served == nil {
			return len(text), 0, err
		}
		select {
		case n := <-s.heard:
			return len(text), n, err
		case <-ctx.Done():
			return len(text), 0, ctx.Err()
		}
	})
	return request, reply, event
}

// outcome is the code of one try, after which the connection has to be there.
func (s *steps) outcome(try func() (want, got int, err error)) bus.Code {
	s.t.Helper()
	began := time.Now()
	want, got, err := try()
	switch {
	case err == nil && want != got:
		s.t.Errorf("%d bytes became %d", want, got)
	case err != nil:
		s.refusedIn = max(s.refusedIn, time.Since(began))
	}
	if _, err := s.measure.Call(s.t.Context(), s.shop, "x"); err != nil {
		s.t.Errorf("a call after %d bytes: %v", want, err)
	}
	return bus.CodeOf(err)
}

// Proves: R-50 (messages from nothing to far too much, there and back and as events:
// the verdict is that of the server's limit to the byte, immediately, and the connection
// stays. Where nothing is sent nothing is too large.)
func TestSizesToTheByte(t *testing.T) {
	const limit = 1 << 20
	sizes := []int{0, 1, 64 << 10, limit - 1, limit, limit + 1, 2 << 20}
	if *long {
		sizes = append(sizes, 64<<20)
	}
	for _, f := range fixtures(t) {
		t.Run(f.Name, func(t *testing.T) {
			s, refused := newSteps(t, f), 0
			for _, size := range sizes {
				call, event := bus.OK, bus.OK
				if size > limit && f.Features.Limits {
					call = bus.ResourceExhausted
				}
				if size > limit && f.Features.Carries {
					event = bus.ResourceExhausted
				}
				request, reply, said := s.try(size)
				if request != call || reply != call || said != event {
					t.Errorf("%d bytes: request %s, reply %s, event %s; want %s and %s", size, request, reply, said, call, event)
				}
				if call != bus.OK {
					refused++
				}
			}
			t.Logf("FIGURE R-50 over=%q sizes=%d refused=%d longest_refusal_ms=%d", f.Name, len(sizes), refused, s.refusedIn.Milliseconds())
		})
	}
}

// Proves: R-51 (the limit is the server's own, learnt when connecting and again when
// reconnecting to one that has another).
func TestServerWithAnotherLimit(t *testing.T) {
	limited := func(limit int32) func(*server.Options) {
		return func(o *server.Options) { o.MaxPayload, o.MaxPending = limit, 4*int64(limit) }
	}
	s := testnats.Start(t, limited(64<<10))
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	node := newNode(t, s.URL(), nil)
	shop := node.View("shop")
	for _, limit := range []int32{64 << 10, 256 << 10, 8 << 10} {
		if limit != 64<<10 {
			s.Stop()
			until(t, "the loss is noticed", func() bool { return !node.Connected() })
			s.Change(limited(limit))
			s.Restart()
		}
		awaitSuccess(t, shop)
		for name, tell := range map[string]func(bytes int) error{
			"request": func(bytes int) error {
				_, err := ask.Call(t.Context(), shop, question{Text: strings.Repeat("x", bytes)})
				return err
			},
			"reply": func(bytes int) error {
				_, err := ask.Call(t.Context(), shop, question{Size: bytes})
				return err
			},
			"event": func(bytes int) error {
				return created.Flushed().Emit(t.Context(), shop, order{Note: strings.Repeat("x", bytes)})
			},
		} {
			if err := tell(int(limit) - 512); err != nil {
				t.Errorf("limit %d, a smaller %s: %v", limit, name, err)
			}
			err := tell(int(limit))
			var refused *bus.Error
			if !errors.As(err, &refused) || refused.Code != bus.ResourceExhausted || !strings.Contains(refused.Message, fmt.Sprint(limit)) {
				t.Errorf("limit %d, a larger %s: %v", limit, name, err)
			}
		}
	}
}
