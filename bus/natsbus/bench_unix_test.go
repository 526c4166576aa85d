//go:build unix

package natsbus

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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

// BenchmarkBudget is the same in turns: each round makes some calls in each of the
// three ways, and compares them with each other, so that what else the machine does
// hits all alike. It prints medians of the rounds.
func BenchmarkBudget(b *testing.B) {
	s := testnats.Start(b)
	newNode(b, s.URL(), func(n *bus.Node) { sum.Handle(n.View("till"), add) })
	shop := newNode(b, s.URL(), nil).View("shop")
	byHand, bare := handWritten(b, s), bareEcho(b, s)
	for range b.N {
		for _, lines := range []int{1, 50} {
			request := cartOf(lines)
			payload, err := json.Marshal(request)
			if err != nil {
				b.Fatal(err)
			}
			for _, inFlight := range []int{1, 8, 64, 256} {
				ns, over := inTurns(b, inFlight, func() error {
					_, err := sum.Call(context.Background(), shop, request)
					return err
				}, func() error {
					_, err := byHand(request)
					return err
				}, func() error { return bare(payload) })
				fmt.Printf("FIGURE bus.nats lines=%d inflight=%d bus_us=%.1f byhand_us=%.1f bare_us=%.1f over_byhand=%.3f over_bare=%.2f\n",
					lines, inFlight, ns[0]/1000, ns[1]/1000, ns[2]/1000, over[1], over[2])
			}
		}
	}
}

// inTurns gives the processor time of one call of each kind, in nanoseconds, and how
// often the first one's it is: medians.
func inTurns(b *testing.B, inFlight int, calls ...func() error) (ns, over []float64) {
	b.Helper()
	const rounds, each = 61, 512
	took, ratios := make([][]float64, len(calls)), make([][]float64, len(calls))
	crews := make([]*crew, len(calls))
	for i, call := range calls {
		crews[i] = newCrew(b, inFlight, call)
		defer close(crews[i].work)
	}
	for range rounds {
		for i := range calls {
			began := cpuTime()
			crews[i].call(each)
			took[i] = append(took[i], float64(cpuTime()-began)/each)
			ratios[i] = append(ratios[i], took[0][len(took[0])-1]/took[i][len(took[i])-1])
		}
	}
	for i := range calls {
		slices.Sort(took[i])
		slices.Sort(ratios[i])
		ns, over = append(ns, took[i][rounds/2]), append(over, ratios[i][rounds/2])
	}
	return ns, over
}

// load runs b.N calls, inFlight at a time, and reports the processor time of each.
func load(b *testing.B, inFlight int, call func() error) {
	b.ReportAllocs()
	b.ResetTimer()
	c := newCrew(b, inFlight, call)
	defer close(c.work)
	began := cpuTime()
	c.call(b.N)
	b.StopTimer()
	b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op")
}

// crew makes calls on goroutines that stay, as those of a server's connections do: one
// that begins would pay for growing its stack.
type crew struct {
	work chan struct{}
	done sync.WaitGroup
}

func newCrew(b *testing.B, inFlight int, call func() error) *crew {
	c := &crew{work: make(chan struct{})}
	for range inFlight {
		go func() {
			for range c.work {
				if err := call(); err != nil {
					b.Error(err)
				}
				c.done.Done()
			}
		}()
	}
	return c
}

// call makes n calls and waits for the answers.
func (c *crew) call(n int) {
	c.done.Add(n)
	for range n {
		c.work <- struct{}{}
	}
	c.done.Wait()
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
