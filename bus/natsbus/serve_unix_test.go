//go:build unix

package natsbus

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/internal/testnats"
)

// Whether an action is there is found without a look at the others, for each message
// that anybody may send.
func TestUnknownActionsCostNothing(t *testing.T) {
	s := testnats.Start(t)
	n := wide(t, s.URL(), 1000)
	service := &served{transport: &transport{node: n}, name: "oracle", doors: map[string]*door{}}
	if got := testing.AllocsPerRun(100, func() {
		if service.door("oracle.nobodys") != nil {
			t.Error("there is a door to nothing")
		}
	}); got != 0 {
		t.Errorf("looking for an action that is not there makes %.0f allocations", got)
	}
	if len(service.doors) > 0 {
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
