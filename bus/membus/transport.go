package membus

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// Name is the word for this transport in settings.
const Name = "memory"

// Transport is what a generated main lists.
var Transport = bus.Transporter{Name: Name, Open: open}

// New makes a node that reaches no other, for tests and examples. A transport in
// o is replaced.
func New(o bus.Options) *bus.Node {
	o.Transport = transport{}
	return bus.NewNode(o)
}

// open takes the three ways to write the setting.
func open(s bus.TransportSettings) (bus.Transport, error) {
	switch s.Address {
	case Name, "null", "":
		return transport{}, nil
	}
	return nil, fmt.Errorf("the transporter %q is not the memory bus: write memory, null or nothing", s.Address)
}

// transport reaches nobody: what a node does not serve itself, nobody serves.
type transport struct{}

func (transport) Name() string { return Name }

func (transport) Start(context.Context, *bus.Node) error { return nil }

func (transport) Serve(...string) error { return nil }

func (transport) Request(context.Context, bus.Message) ([]byte, error) { return nil, bus.ErrNobody }

func (transport) Events() bus.Carrier { return nil }

func (transport) Drain(context.Context) error { return nil }

func (transport) Connected() bool { return true }

func (transport) Peers() []bus.Peer { return nil }

func (transport) Close(context.Context) error { return nil }
