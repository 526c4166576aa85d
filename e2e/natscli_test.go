package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/internal/testnats"
)

// stockCLI is the command `nats` of github.com/nats-io/natscli, which knows nothing of
// this repository.
type stockCLI struct {
	t    *testing.T
	path string
	url  string
	home string // an empty one: the contexts of who runs the test are not read
}

// newStockCLI takes the command that NATS_CLI names, as .ci/run does, else the one on
// PATH.
func newStockCLI(t *testing.T, url string) *stockCLI {
	t.Helper()
	path, err := exec.LookPath(cmp.Or(os.Getenv("NATS_CLI"), "nats"))
	if named := os.Getenv("NATS_CLI"); err != nil && named != "" {
		t.Fatalf("NATS_CLI=%s is no program: %v", named, err)
	} else if err != nil {
		t.Skip("the command nats is not installed: go install github.com/nats-io/natscli/nats@latest puts it on PATH, or name it in NATS_CLI; CI installs it")
	}
	return &stockCLI{t, path, url, t.TempDir()}
}

// run is what the command printed, which has to succeed.
func (c *stockCLI) run(args ...string) (stdout, stderr string) {
	c.t.Helper()
	var out, errOut strings.Builder
	cmd := exec.CommandContext(c.t.Context(), c.path, append([]string{"--server", c.url, "--no-context"}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.home, "XDG_CONFIG_HOME=" + c.home}
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.home, &out, &errOut
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("nats %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), errOut.String())
	}
	return out.String(), errOut.String()
}

// shows wants the texts in what the command prints for people.
func (c *stockCLI) shows(args []string, texts ...string) {
	c.t.Helper()
	out, _ := c.run(args...)
	for _, text := range texts {
		if !strings.Contains(out, text) {
			c.t.Errorf("nats %s does not show %q:\n%s", strings.Join(args, " "), text, out)
		}
	}
}

// reads decodes what the command prints for programs.
func (c *stockCLI) reads(into any, args ...string) {
	c.t.Helper()
	out, _ := c.run(append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		c.t.Fatalf("nats %s: %v in\n%s", strings.Join(args, " "), err, out)
	}
}

// The stock command line of NATS lists, describes, counts, pings and calls the
// services of a running program.
func TestStockNATSCommandLine(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program; run without -short")
	}
	server := testnats.Start(t)
	cli := newStockCLI(t, server.URL())
	p := start(t, binary(t, dev), "orchestrator:\n  services: [apps, payments, inventory, delivery, pricing]\n  variants: {orchestrator-minimal: {services: [apps, pricing], transports: [memory]}}\n",
		"ORCHESTRATOR_TRANSPORTER="+server.URL()).ready()

	cli.lists(p)
	services := []string{"apps", "delivery", "inventory", "payments", "pricing"}
	cli.shows([]string{"micro", "ls"}, services...)
	cli.shows([]string{"micro", "ping", "--timeout", "2s"}, services...)
	cli.shows([]string{"micro", "info", "pricing"}, "service pricing", "platform.pricing.evaluateDiscounts",
		"platform.pricing.getAllDiscounts", "platform.pricing.validateDiscount", "request_schema", `{"projectId":"demo"}`)
	cli.calls(p)
	cli.counts()
}

// lists wants every action that the program serves, with the schema that it has
// there, and no other.
func (c *stockCLI) lists(p *process) {
	c.t.Helper()
	_, body := p.get("/debug/actions")
	var actions []struct {
		Name          string
		RequestSchema json.RawMessage `json:"request_schema"`
	}
	if err := json.Unmarshal([]byte(body), &actions); err != nil {
		c.t.Fatalf("%v in %s", err, body)
	}
	var services []struct {
		Name      string
		Endpoints []struct {
			Name, Subject string
			Metadata      map[string]string
		}
	}
	c.reads(&services, "micro", "ls")
	schemas := map[string]string{}
	for _, s := range services {
		for _, e := range s.Endpoints {
			if e.Subject != "platform."+s.Name+"."+e.Name {
				c.t.Errorf("%s of %s has the subject %s", e.Name, s.Name, e.Subject)
			}
			schemas[s.Name+"."+e.Name] = e.Metadata["request_schema"]
		}
	}
	for _, a := range actions {
		if want := compact(c.t, a.RequestSchema); len(want) < 10 || compact(c.t, []byte(schemas[a.Name])) != want {
			c.t.Errorf("%s has the schema %q, want %s", a.Name, schemas[a.Name], want)
		}
		delete(schemas, a.Name)
	}
	if len(actions) < 10 || len(schemas) > 0 {
		c.t.Errorf("%d actions, and beside them %v", len(actions), schemas)
	}
}

// calls makes the same call by the command and by the program's own door, and one
// that is refused.
func (c *stockCLI) calls(p *process) {
	c.t.Helper()
	request := json.RawMessage(`{"projectId":"demo"}`)
	status, want, err := p.call("pricing.getAllDiscounts", request)
	if err != nil || status != http.StatusOK || !strings.Contains(string(want), "WELCOME10") {
		c.t.Fatalf("%d %s %v", status, want, err)
	}
	got, _ := c.run("req", "--raw", "platform.pricing.getAllDiscounts", string(request))
	if compact(c.t, []byte(got)) != compact(c.t, want) {
		c.t.Errorf("nats req: %s, want %s", got, want)
	}
	body, headers := c.run("req", "platform.pricing.getAllDiscounts", `{"projectId":7}`)
	for _, text := range []string{"Nats-Service-Error-Code: 422", "Nats-Service-Error: the body is no request of pricing.getAllDiscounts"} {
		if !strings.Contains(headers, text) {
			c.t.Errorf("%q is not in what nats req shows of a request that is refused:\n%s", text, headers)
		}
	}
	var refused struct{ Code, Action string }
	if err := json.Unmarshal([]byte(body), &refused); err != nil || refused.Code != "invalid_argument" || refused.Action != "pricing.getAllDiscounts" {
		c.t.Errorf("the payload of a request that is refused: %s, %v", body, err)
	}
}

// counts wants the two requests of calls in the statistics.
func (c *stockCLI) counts() {
	c.t.Helper()
	c.shows([]string{"micro", "stats", "pricing"}, "evaluateDiscounts", "getAllDiscounts", "validateDiscount")
	var instances []struct {
		Name      string
		Endpoints []struct {
			Name     string
			Requests int    `json:"num_requests"`
			Errors   int    `json:"num_errors"`
			Last     string `json:"last_error"`
		}
	}
	c.reads(&instances, "micro", "stats", "pricing")
	if len(instances) != 1 || instances[0].Name != "pricing" {
		c.t.Fatalf("instances %+v", instances)
	}
	for _, e := range instances[0].Endpoints {
		want := map[string]int{"getAllDiscounts": 1}[e.Name]
		if e.Requests != 2*want || e.Errors != want || (e.Last != "") != (want > 0) {
			c.t.Errorf("%+v, want %d requests and %d errors", e, 2*want, want)
		}
	}
}

// compact is JSON without the spaces that mean nothing.
func compact(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Errorf("%v in %q", err, text)
	}
	return b.String()
}
