package e2e

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/shopanaio/orchestrator/internal/testnats"
)

// split is one installation in two programs that find each other over NATS. By
// default a variant has the providers of the services it links; the one with
// apps alone has to name those it runs for the others.
const split = `orchestrator:
  services: [apps]
  variants:
    back: {services: [apps], plugins: [bank-transfer, catalog, meest, novaposhta, simple-promo]}
    front: {services: [payments, inventory, delivery, pricing], remote: [apps]}
`

// Proves: B2, B3, C12, C13 (the same calls give the same answers in one process
// over memory, and in two over NATS; only the transporter setting differs).
func TestTwoProcessesOverNATS(t *testing.T) {
	if testing.Short() {
		t.Skip("generates and builds two programs; run without -short")
	}
	server := testnats.Start(t)
	tree, bin := buildSplit(t)
	together := start(t, binary(t, "orchestrator/cmd/dev"), "orchestrator:\n  services: [apps, payments, inventory, delivery, pricing]\n  variants: {orchestrator-minimal: {services: [apps, pricing], transports: [memory]}}\n").ready()
	nats := "ORCHESTRATOR_TRANSPORTER=" + server.URL()
	back := startIn(t, tree, filepath.Join(bin, "back"), nats).ready()
	front := startIn(t, tree, filepath.Join(bin, "front"), nats).ready()

	for _, a := range examples(t, front) {
		wantStatus, want, err := together.call(a.Name, a.Example)
		if err != nil {
			t.Fatal(err)
		}
		status, got, err := front.call(a.Name, a.Example)
		if err != nil || status != wantStatus || string(got) != string(want) {
			t.Errorf("%s: over NATS %d %s %v, in memory %d %s", a.Name, status, got, err, wantStatus, want)
		}
	}
	if _, metrics := back.get("/metrics"); !strings.Contains(metrics, `bus_edge_requests_total{action="apps.execute",caller="pricing"`) {
		t.Error("back does not know that pricing called it")
	}
	restartBack(t, front, back, tree, bin, nats)
}

// restartBack takes the callee away and brings it back under its caller.
func restartBack(t *testing.T, front, back *process, tree, bin, nats string) {
	t.Helper()
	back.signal(syscall.SIGTERM)
	if code := back.exit(); code != 0 {
		t.Errorf("back: exit code %d", code)
	}
	request := json.RawMessage(`{"projectId":"demo"}`)
	if status, body, err := front.call("pricing.validateDiscount", json.RawMessage(`{"projectId":"demo","code":"WELCOME10"}`)); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("without apps: %d %s %v", status, body, err)
	}
	startIn(t, tree, filepath.Join(bin, "back"), nats).ready()
	if status, body, err := front.call("pricing.getAllDiscounts", request); err != nil || status != http.StatusOK || !strings.Contains(string(body), "WELCOME10") {
		t.Errorf("with apps again: %d %s %v", status, body, err)
	}
	front.signal(syscall.SIGTERM)
	if code := front.exit(); code != 0 {
		t.Errorf("front: exit code %d", code)
	}
}

// splitTree is where the two programs were generated, and splitBin where they
// were built; several tests use them.
var splitTree, splitBin string

func buildSplit(t *testing.T) (tree, bin string) {
	t.Helper()
	if splitBin != "" {
		return splitTree, splitBin
	}
	tree, bin = filepath.Join(binaries.dir, "split"), filepath.Join(binaries.dir, "split-bin")
	copyTreeTo(t, tree)
	writeConfig(t, tree, split)
	if _, stderr, code := output(t, tree, nil, binary(t, "tools/gen")); code != 0 {
		t.Fatalf("gen: exit code %d\n%s", code, stderr)
	}
	build := exec.Command("go", "build", "-o", bin+"/", "./orchestrator/cmd/back", "./orchestrator/cmd/front")
	build.Dir = tree
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	splitTree, splitBin = tree, bin
	return tree, bin
}

type exampleOf struct {
	Name    string
	Handled bool
	Example json.RawMessage
}

// examples are the requests of the contracts that a process serves.
func examples(t *testing.T, p *process) []exampleOf {
	t.Helper()
	_, body := p.get("/debug/actions")
	var all []exampleOf
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	var served []exampleOf
	for _, a := range all {
		if a.Handled && len(a.Example) > 0 {
			served = append(served, a)
		}
	}
	if len(served) < 6 {
		t.Fatalf("only %d actions with an example: %s", len(served), body)
	}
	return served
}
