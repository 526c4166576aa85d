package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/internal/testnats"
)

// clustered is a process that others are told of quickly.
const clustered = `orchestrator:
  services: [apps, payments, inventory, delivery, pricing]
  variants: {orchestrator-minimal: {services: [apps, pricing], transports: [memory]}}
  nats: {heartbeat_interval: 100ms, heartbeat_timeout: 1s}
`

// A process that is killed is no longer listed after the configured timeout, nor
// counted; one under the same name is refused while it lives and not afterwards.
//
// Proves: B15, R19.
func TestKilledProcessIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and drives a program; run without -short")
	}
	server := testnats.Start(t)
	dev := binary(t, "orchestrator/cmd/dev")
	nats := "ORCHESTRATOR_TRANSPORTER=" + server.URL()
	stays := start(t, dev, clustered, nats, "ORCHESTRATOR_NODE_ID=stays").ready()
	dies := start(t, dev, clustered, nats, "ORCHESTRATOR_NODE_ID=dies").ready()
	awaitPeers(t, stays, "dies")
	awaitPeers(t, dies, "stays")
	wantMetrics(t, stays, `bus_nodes{namespace="platform",node="stays"} 2`, `bus_services{namespace="platform",node="stays"} 5`,
		`bus_started{namespace="platform",node="stays"} 1`, `bus_connected{namespace="platform",node="stays"} 1`)

	second := start(t, dev, clustered, nats, "ORCHESTRATOR_NODE_ID=dies")
	if code := second.exit(); code != 1 || !strings.Contains(second.lines.text(), "another process runs as node dies") {
		t.Errorf("a second process under one name: exit code %d", code)
	}
	dies.signal(syscall.SIGKILL)
	dies.exit()
	killed := time.Now()
	awaitPeers(t, stays)
	t.Logf("FIGURE B15.process timeout_ms=1000 lost_after_ms=%d", time.Since(killed).Milliseconds())
	wantMetrics(t, stays, `bus_nodes{namespace="platform",node="stays"} 1`)
	stays.await("another node cannot be reached any more", "peer=dies reason=lost")
	start(t, dev, clustered, nats, "ORCHESTRATOR_NODE_ID=dies").ready()
}

func wantMetrics(t *testing.T, p *process, lines ...string) {
	t.Helper()
	_, metrics := p.get("/metrics")
	for _, line := range lines {
		if !strings.Contains(metrics, "\n"+line+"\n") {
			t.Errorf("/metrics does not have %s", line)
		}
	}
}

// awaitPeers waits until a process sees exactly these others.
func awaitPeers(t *testing.T, p *process, ids ...string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for limit := time.After(20 * time.Second); ; {
		status, body := p.get("/debug/nodes")
		var nodes struct{ Peers []struct{ Node string } }
		if err := json.Unmarshal([]byte(body), &nodes); status != http.StatusOK || err != nil {
			t.Fatalf("/debug/nodes: %d %s %v", status, body, err)
		}
		var seen []string
		for _, peer := range nodes.Peers {
			seen = append(seen, peer.Node)
		}
		if strings.Join(seen, " ") == strings.Join(ids, " ") {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("it sees %q, want %q", seen, ids)
		}
	}
}
