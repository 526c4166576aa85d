package natsbus

import (
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// A process that knows no contract of a service calls it by name over NATS: what the
// service lacks and where there is no service are told apart. Each side counts its own.
func TestCallsByNameOverNATS(t *testing.T) {
	s := testnats.Start(t)
	there := newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	here := newNode(t, s.URL(), nil)
	admin := here.View("admin")
	got, err := here.CallJSON(t.Context(), admin, "oracle.ask", []byte(`{"text": "hello"}`))
	if err != nil || !strings.Contains(string(got), `"text":"hello"`) {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := here.CallJSON(t.Context(), admin, "oracle.dance", nil); bus.CodeOf(err) != bus.Unimplemented || !strings.Contains(err.Error(), "the service oracle has no action oracle.dance") {
		t.Errorf("an unknown action: %v", err)
	}
	if _, err := here.CallJSON(t.Context(), admin, "sibyl.ask", nil); bus.CodeOf(err) != bus.Unavailable || !strings.Contains(err.Error(), "no service sibyl is running in reach") {
		t.Errorf("an absent service: %v", err)
	}
	for range 9 {
		if _, err := ask.Call(t.Context(), here.View("shop"), question{}); err != nil {
			t.Fatal(err)
		}
	}
	sums := map[string]uint64{}
	for name, n := range map[string]*bus.Node{"here": here, "there": there} {
		for _, e := range n.Stats() {
			sums[name+" "+e.Caller+" "+e.Side] += e.Duration.Count
		}
	}
	for key, want := range map[string]uint64{"here shop client": 9, "there shop server": 9, "there admin server": 1} {
		if sums[key] != want {
			t.Errorf("%s: %d calls, want %d of %v", key, sums[key], want, sums)
		}
	}
	if len(sums) != 3 {
		t.Errorf("counted: %v", sums)
	}
}
