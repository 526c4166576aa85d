package natsbus

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// The request and response of the benchmarks: a cart of lines.
type cart struct {
	ID    string     `json:"id"`
	Lines []cartLine `json:"lines"`
}

type cartLine struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Quantity int    `json:"quantity"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

type total struct {
	Amount int64 `json:"amount"`
}

var sum = bus.NewAction[cart, total]("till.sum")

func add(_ context.Context, c cart) (total, error) {
	var t total
	for _, l := range c.Lines {
		t.Amount += l.Amount * int64(l.Quantity)
	}
	return t, nil
}

func cartOf(lines int) cart {
	c := cart{ID: "c-1"}
	for i := range lines {
		c.Lines = append(c.Lines, cartLine{ID: strconv.Itoa(i), Title: "A thing", Quantity: 2, Amount: 1999, Currency: "USD"})
	}
	return c
}

// BenchmarkCall compares a call over the bus with the same written by hand on
// nats.go (same payload and header, same codec, a goroutine and a semaphore per
// request, a deadline), and with a bare nc.Request of the same bytes. The number
// to compare is cpu-ns/op: caller, server and callee share the process.
func BenchmarkCall(b *testing.B) {
	s := testnats.Start(b)
	newNode(b, s.URL(), func(n *bus.Node) { sum.Handle(n.View("till"), add) })
	shop := newNode(b, s.URL(), nil).View("shop")
	byHand := handWritten(b, s)
	bare := bareEcho(b, s)
	for _, lines := range []int{1, 50} {
		request := cartOf(lines)
		payload, err := json.Marshal(request)
		if err != nil {
			b.Fatal(err)
		}
		for _, inFlight := range []int{1, 8, 64, 256} {
			name := fmt.Sprintf("lines=%d/inflight=%d/", lines, inFlight)
			b.Run(name+"bus", func(b *testing.B) {
				load(b, inFlight, func() error {
					_, err := sum.Call(context.Background(), shop, request)
					return err
				})
			})
			b.Run(name+"byhand", func(b *testing.B) {
				load(b, inFlight, func() error {
					_, err := byHand(request)
					return err
				})
			})
			b.Run(name+"bare", func(b *testing.B) { load(b, inFlight, func() error { return bare(payload) }) })
		}
	}
}

// load runs b.N calls, inFlight at a time, and reports the processor time of each.
func load(b *testing.B, inFlight int, call func() error) {
	b.ReportAllocs()
	var wg sync.WaitGroup
	work := make(chan struct{}, inFlight)
	began := cpuTime()
	b.ResetTimer()
	for range inFlight {
		wg.Go(func() {
			for range work {
				if err := call(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// handWritten is what a careful programmer writes on nats.go for one action.
func handWritten(b *testing.B, s *testnats.Server) func(cart) (total, error) {
	callee, caller := connect(b, s), connect(b, s)
	places := make(chan struct{}, 256)
	_, err := callee.QueueSubscribe("hand.till.sum", "till", func(msg *nats.Msg) {
		go func() {
			places <- struct{}{}
			defer func() { <-places }()
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			var c cart
			if err := json.Unmarshal(msg.Data, &c); err != nil {
				b.Error(err)
			}
			t, err := add(ctx, c)
			if err != nil {
				b.Error(err)
			}
			data, err := json.Marshal(t)
			if err != nil {
				b.Error(err)
			}
			if err := msg.Respond(data); err != nil {
				b.Error(err)
			}
		}()
	})
	if err != nil || callee.Flush() != nil {
		b.Fatal(err)
	}
	return func(c cart) (t total, err error) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		data, err := json.Marshal(c)
		if err != nil {
			return t, err
		}
		msg := &nats.Msg{Subject: "hand.till.sum", Data: data, Header: nats.Header{callHeader: {"9999999;shop;0123456789-1"}}}
		res, err := caller.RequestMsgWithContext(ctx, msg)
		if err != nil {
			return t, err
		}
		return t, json.Unmarshal(res.Data, &t)
	}
}

func bareEcho(b *testing.B, s *testnats.Server) func([]byte) error {
	callee, caller := connect(b, s), connect(b, s)
	_, err := callee.QueueSubscribe("bare.till.sum", "till", func(msg *nats.Msg) { msg.Respond([]byte(`{"amount":1}`)) })
	if err != nil || callee.Flush() != nil {
		b.Fatal(err)
	}
	return func(payload []byte) error {
		_, err := caller.Request("bare.till.sum", payload, 10*time.Second)
		return err
	}
}

func connect(b *testing.B, s *testnats.Server) *nats.Conn {
	b.Helper()
	nc, err := nats.Connect(s.URL())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(nc.Close)
	return nc
}
