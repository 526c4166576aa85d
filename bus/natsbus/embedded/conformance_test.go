package embedded

import (
	"fmt"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/conformance"
	"github.com/shopanaio/orchestrator/bus/natsbus"
)

// Proves: B3 (the table holds where the callee hosts the server)
func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Fixture{
		Name: "embedded", Features: conformance.Features{Apart: true, Encodes: true, Carries: true, Interrupts: true, Headers: true, Limits: true},
		Nodes: func(t testing.TB, o bus.Options) (caller, callee *bus.Node) {
			port, dir := freePort(t), t.TempDir()
			there, err := Transport.Open(bus.TransportSettings{Logger: o.Logger, Decode: func(into any) error {
				*into.(*Config) = Config{Port: port, DataDir: dir}
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			here, err := natsbus.New(natsbus.Config{URL: fmt.Sprintf("nats://127.0.0.1:%d", port), Logger: o.Logger})
			if err != nil {
				t.Fatal(err)
			}
			host := o
			host.Transport, o.Transport = there, here
			return bus.NewNode(o), bus.NewNode(host)
		},
	})
}
