//go:build unix

package natsbus

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// Whether an action is there is found without a look at the others, for each message
// that anybody may send.
func TestUnknownActionsCostNothing(t *testing.T) {
	s := testnats.Start(t)
	n := wide(t, s.URL(), 1000)
	service := &served{transport: &transport{node: n}, name: "oracle", endpoints: map[string]*endpoint{}}
	if got := testing.AllocsPerRun(100, func() {
		if service.endpoint("oracle.nobodys") != nil {
			t.Error("there is an endpoint for nothing")
		}
	}); got != 0 {
		t.Errorf("looking for an action that is not there makes %.0f allocations", got)
	}
	if len(service.endpoints) > 0 {
		t.Error("what is not there is remembered")
	}
}

// BenchmarkUnknownAction is a request of an action that a service with a thousand others
// does not have.
func BenchmarkUnknownAction(b *testing.B) {
	s := testnats.Start(b)
	wide(b, s.URL(), 1000)
	nc := connect(b, s)
	load(b, 8, func() error {
		_, err := nc.RequestMsg(&nats.Msg{Subject: "platform.oracle.nobodys"}, 10*time.Second)
		return err
	})
}

// BenchmarkStart is a process of a thousand services that connects and serves them.
func BenchmarkStart(b *testing.B) {
	s := testnats.Start(b)
	for range b.N {
		b.StopTimer()
		n, _ := build(b, Config{URL: s.URL()}, bus.Options{}, func(n *bus.Node) {
			for i := range 1000 {
				name := fmt.Sprintf("s%d", i)
				bus.NewAction[question, reading](name+".ask").Handle(n.View(name), named(name))
			}
		})
		b.StartTimer()
		begin(b, n)
		b.StopTimer()
		if err := n.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
