package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const dev = "orchestrator/cmd/dev"

// Proves: C4 (variants are built side by side from one tree, and each runs what
// config.yml gives it). The aliases that Bazel builds are these same packages.
func TestVariantsSideBySide(t *testing.T) {
	want := map[string][]string{
		"dev":                  {"apps", "delivery", "inventory", "payments", "pricing"},
		"orchestrator-minimal": {"apps", "pricing"},
	}
	aliases, err := os.ReadFile(filepath.Join(root(t), "orchestrator/variants.bzl"))
	if err != nil {
		t.Fatal(err)
	}
	for variant, services := range want {
		stdout, stderr, code := output(t, t.TempDir(), nil, binary(t, "orchestrator/cmd/"+variant), "manifest")
		var m selected
		if err := json.Unmarshal([]byte(stdout), &m); err != nil || code != 0 {
			t.Fatalf("%s manifest: exit code %d, %v\n%s", variant, code, err, stderr)
		}
		var names []string
		for _, s := range m.Services {
			names = append(names, s.Name)
		}
		if m.Variant != variant || !slices.Equal(names, services) {
			t.Errorf("%s says it is %s with %v, want %v", variant, m.Variant, names, services)
		}
		if !strings.Contains(string(aliases), `"//orchestrator/cmd/`+variant) {
			t.Errorf("orchestrator/variants.bzl does not name %s", variant)
		}
	}
}

// Proves: C5. `go generate ./...` in a clean checkout writes what is checked in,
// byte for byte, and Bazel compiles those files and no others.
func TestGoGenerateWritesWhatBazelBuilds(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the generator in a copy of the tree; run without -short")
	}
	tree, dir := copyTree(t), root(t)
	if err := os.RemoveAll(filepath.Join(tree, "orchestrator/cmd")); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, code := output(t, tree, nil, "go", "generate", "./..."); code != 0 {
		t.Fatalf("go generate ./...: exit code %d\n%s%s", code, stdout, stderr)
	}
	for _, v := range variants(t, dir) {
		for _, name := range []string{"main.go", "services_gen.go", "manifest.json", "BUILD.bazel"} {
			file := filepath.Join("orchestrator/cmd", v.Variant, name)
			checkedIn, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			if generated, err := os.ReadFile(filepath.Join(tree, file)); err != nil || string(generated) != string(checkedIn) {
				t.Errorf("%s is not what go generate writes: %v", file, err)
			}
			if name == "BUILD.bazel" && (!strings.Contains(string(checkedIn), "srcs = [\n        \"main.go\",\n        \"services_gen.go\",\n    ],") ||
				!strings.Contains(string(checkedIn), `embedsrcs = ["manifest.json"]`)) {
				t.Errorf("%s compiles other files:\n%s", file, checkedIn)
			}
		}
	}
}

// The original's committed config.yml starts the real program, with one warning
// at most for each setting that nothing reads.
func TestTheOriginalsConfiguration(t *testing.T) {
	original, err := os.ReadFile(filepath.Join(root(t), "config/testdata/original.yml"))
	if err != nil {
		t.Fatal(err)
	}
	wantWarnings(t, string(original), []string{"ORCHESTRATOR_TRANSPORTER=null"},
		"orchestrator.environment", "services.apps.port", "services.payments.port", "services.inventory.port",
		"services.delivery.port", "services.pricing.port", "services.apps.database_url")
}

// Variables of the original that nothing reads are reported once each.
func TestTheOriginalsVariables(t *testing.T) {
	names := []string{"PORT", "DATABASE_URL", "MOLECULER_TRANSPORTER", "APPS_PLUGIN_TIMEOUT_MS", "PAYMENTS_PLUGIN_RETRIES",
		"INVENTORY_PLUGIN_RATELIMIT", "SHIPPING_PLUGIN_TIMEOUT_MS", "PRICING_PLUGIN_RETRIES", "HEARTBEAT_INTERVAL", "HEARTBEAT_TIMEOUT"}
	var env []string
	for _, name := range names {
		env = append(env, name+"=hunter2")
	}
	if text := wantWarnings(t, "", env, names...); strings.Contains(text, "hunter2") {
		t.Errorf("a value is shown in:\n%s", text)
	}
}

// wantWarnings runs dev and wants one warning for each subject.
func wantWarnings(t *testing.T, config string, env []string, subjects ...string) string {
	t.Helper()
	p := start(t, binary(t, dev), config, env...).ready()
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	var warned []string
	for line := range strings.Lines(p.lines.text()) {
		if strings.Contains(line, "level=WARN") {
			warned = append(warned, strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(` ,"`, r) })...)
		}
	}
	for _, subject := range subjects {
		n := 0
		for _, word := range warned {
			if word == subject {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d warnings of %s, want 1 in:\n%s", n, subject, p.lines.text())
		}
	}
	return p.lines.text()
}

// Proves: R21 (a process is alive from the start to the end, and ready only
// between: not while its services start, and not while it drains).
func TestProbesThroughALife(t *testing.T) {
	port := freePort(t)
	p := start(t, binary(t, fixtureDev), selection("services: {slow: {start_delay: 20s}}\n"), fmt.Sprint("METRICS_PORT=", port))
	p.admin = fmt.Sprint("http://127.0.0.1:", port)
	p.await("slow is starting")
	p.probes(http.StatusServiceUnavailable, `"Starting"`)
	p.kill()

	p = start(t, binary(t, fixtureDev), selection("")).ready()
	p.probes(http.StatusOK, `"Running"`)
	answers := p.callAsync("slow.wait", map[string]int{"milliseconds": 1000})
	p.await("slow is waiting")
	p.signal(syscall.SIGTERM)
	p.await("stopping")
	p.probes(http.StatusServiceUnavailable, `"ready": false`)
	if a := <-answers; a.err != nil || a.status != http.StatusOK {
		t.Errorf("the call in flight: %+v", a)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// probes wants this of /readyz, and the others to say that the process lives.
func (p *process) probes(ready int, text string) {
	p.t.Helper()
	if status, body := p.get("/readyz"); status != ready || !strings.Contains(body, text) {
		p.t.Errorf("/readyz: %d %s, want %d with %s", status, body, ready, text)
	}
	for _, path := range []string{"/livez", "/healthz"} {
		if status, body := p.get(path); status != http.StatusOK {
			p.t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

// `call --example ACTION` prints a request that `call` then answers, for every
// action of dev.
func TestEveryExampleWorks(t *testing.T) {
	path := binary(t, dev)
	p := startIn(t, t.TempDir(), path).ready()
	_, catalog := p.get("/debug/actions")
	var actions []struct{ Name string }
	if err := json.Unmarshal([]byte(catalog), &actions); err != nil || len(actions) < 10 {
		t.Fatalf("%d actions, %v", len(actions), err)
	}
	dir := t.TempDir()
	for _, a := range actions {
		request, stderr, code := output(t, dir, nil, path, "call", "--example", a.Name)
		if code != 0 {
			t.Errorf("call --example %s: exit code %d\n%s", a.Name, code, stderr)
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, "request.json"), []byte(request), 0o600); err != nil {
			t.Fatal(err)
		}
		answer, stderr, code := output(t, dir, nil, path, "call", "--admin", p.admin, a.Name, "@request.json")
		if code != 0 || !json.Valid([]byte(answer)) {
			t.Errorf("call %s @request.json: exit code %d\n%s%s", a.Name, code, answer, stderr)
		}
	}
}

// What is secret is in no line and on no page.
func TestNoSecretIsShown(t *testing.T) {
	const token, key, password = "token-0123456789abcdef0123456789abcdef", "key-3141592653", "pw-2718281828"
	secrets := []string{token, key, password}
	p := start(t, binary(t, dev), `
orchestrator: {services: [apps, payments, inventory, delivery, pricing], admin_token: "${ADMIN_TOKEN}"}
services: {apps: {projects: {demo: {plugins: {novaposhta: {config: {apiKey: "${NOVA_KEY}"}}}}}}}
`, "ADMIN_TOKEN="+token, "NOVA_KEY="+key, "LOG_LEVEL=debug", "PRICING_DATABASE_URL=postgres://u:"+password+"@h/db").ready()
	var shown strings.Builder
	for _, path := range []string{"/", "/metrics", "/readyz", "/healthz", "/debug/manifest", "/debug/calls", "/debug/actions", "/debug/pprof/cmdline"} {
		_, body := p.get(path)
		shown.WriteString(body)
	}
	_, apps, err := p.call("apps.listInstalledApps", map[string]string{"projectId": "demo"})
	if err != nil || !strings.Contains(string(apps), "[REDACTED]") {
		t.Errorf("the key is not shown as redacted: %s, %v", apps, err)
	}
	p.signal(syscall.SIGTERM)
	p.exit()
	refused := []string{"ORCHESTRATOR_TRANSPORTER=nats://u:" + password + "@h:no", "ADMIN_TOKEN=short-" + password}
	_, stderr, code := output(t, t.TempDir(), refused, binary(t, dev), "check")
	if code != 1 || !strings.Contains(stderr, "ORCHESTRATOR_TRANSPORTER") || !strings.Contains(stderr, "ADMIN_TOKEN") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	for _, secret := range secrets {
		if text := shown.String() + string(apps) + p.lines.text() + stderr; strings.Contains(text, secret) {
			t.Errorf("%s is shown in:\n%s", secret, text)
		}
	}
}
