package e2e

import (
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/internal/testnats"
)

// A program in another language that knows NATS and JSON serves an action of a
// contract; see docs/one-service-at-a-time.md.
func TestForeignService(t *testing.T) {
	if testing.Short() {
		t.Skip("generates and builds two programs; run without -short")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: what a service in another language sees is not tested here")
	}
	server := testnats.Start(t)
	tree, bin := buildSplit(t)
	u, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	foreign := &process{t: t, lines: newTranscript(), done: make(chan struct{})}
	foreign.cmd = exec.Command(node, filepath.Join(root(t), "e2e/testdata/foreign.mjs"), host, port)
	foreign.begin()
	t.Cleanup(foreign.kill)
	foreign.await("serving")

	front := startIn(t, tree, filepath.Join(bin, "front"), "ORCHESTRATOR_TRANSPORTER="+server.URL()).ready()
	status, body, err := front.call("pricing.getAllDiscounts", map[string]string{"projectId": "demo"})
	if err != nil || status != http.StatusOK || !strings.Contains(string(body), "NODE25") {
		t.Errorf("pricing over a service in Node: %d %s %v", status, body, err)
	}
	status, body, err = front.call("delivery.shippingMethods", map[string]string{"projectId": "demo"})
	if err != nil || status != http.StatusOK || !strings.Contains(string(body), "INTERNAL_ERROR") {
		t.Errorf("delivery over a service in Node that refuses: %d %s %v", status, body, err)
	}
}
