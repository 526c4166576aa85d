package orchestrator_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// memoryOnly is a config.yml that selects what the tests link.
const memoryOnly = "orchestrator: {services: [apps], transports: [memory]}\n"

// Proves: C10: found from a directory below, and told once.
func TestConfigIsFoundUpward(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"})).config(memoryOnly)
	root := r.options.Dir
	r.options.Dir = filepath.Join(root, "services", "apps")
	if err := os.MkdirAll(r.options.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.start()
	r.want(r.stop(), 0)
	if found := lines(r.stderr, filepath.Join(root, "config.yml")); len(found) != 1 {
		t.Errorf("the path stands in %d lines, want 1:\n%s", len(found), r.stderr)
	}
}

// Proves: C10: without a file the defaults hold, and one line says where it was
// looked for; a file that was named must exist.
func TestWithoutConfig(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	r.start()
	r.want(r.stop(), 0)
	if told := lines(r.stderr, "no config.yml"); len(told) != 1 || !strings.Contains(told[0], r.options.Dir) {
		t.Errorf("told %q, want one line with %s", told, r.options.Dir)
	}
	named := newRig(t, binary(t, "dev", &fixture{name: "apps"})).set("CONFIG_FILE=shop.yml")
	named.want(named.run(), 1, "CONFIG_FILE names", "shop.yml", "does not exist")
}

// The directory of the user of bazel run wins over the working directory.
func TestConfigIsLookedForWhereBazelRunWasCalled(t *testing.T) {
	elsewhere := newRig(t, binary(t, "dev", &fixture{name: "apps"})).config(memoryOnly)
	r := newRig(t, elsewhere.binary, "check").set("BUILD_WORKING_DIRECTORY=" + elsewhere.options.Dir)
	runfiles := filepath.Join(r.options.Dir, "dev.runfiles", "_main")
	if err := os.MkdirAll(runfiles, 0o755); err != nil {
		t.Fatal(err)
	}
	r.options.Dir = ""
	t.Chdir(runfiles)
	if code := r.run(); code != 0 {
		t.Errorf("exit code %d: %s", code, r.stderr)
	}
	r.says(r.stdout, filepath.Join(elsewhere.options.Dir, "config.yml")+" is valid")
}

// What bazel run starts in another place inherits the variable, and is not there.
func TestInheritedBazelDirectorySaysNothing(t *testing.T) {
	elsewhere := newRig(t, binary(t, "dev", &fixture{name: "apps"})).config(memoryOnly)
	here := newRig(t, elsewhere.binary, "check").config(memoryOnly).set("BUILD_WORKING_DIRECTORY=" + elsewhere.options.Dir)
	t.Chdir(here.options.Dir)
	dir := here.options.Dir
	here.options.Dir = ""
	here.want(here.run(), 0)
	here.says(here.stdout, filepath.Join(dir, "config.yml")+" is valid")
}

// Proves: C12, C13: what means the memory bus, what is not linked, what is
// nothing; the environment wins.
func TestTransporter(t *testing.T) {
	for _, c := range []struct{ file, env, says string }{
		{"", "", ""},
		{"transporter: null, ", "", ""},
		{"transporter: '', ", "", ""},
		{"transporter: memory, ", "", ""},
		{"transporter: NATS, ", "ORCHESTRATOR_TRANSPORTER=null", ""},
		{"transporter: NATS, ", "ORCHESTRATOR_TRANSPORTER=", ""},
		{"transporter: NATS, ", "", "transporter in"},
		{"", "ORCHESTRATOR_TRANSPORTER=NATS", "ORCHESTRATOR_TRANSPORTER asks for the transport nats (nats://127.0.0.1:4222), which is not linked"},
		{"", "ORCHESTRATOR_TRANSPORTER=embedded", "asks for the transport embedded, which is not linked"},
		{"", "ORCHESTRATOR_TRANSPORTER=nats://u:secret@h:1", "(nats://[REDACTED]@h:1), which is not linked"},
		{"", "ORCHESTRATOR_TRANSPORTER=carrier-pigeon", "ORCHESTRATOR_TRANSPORTER is a text of 14 characters"},
	} {
		r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check").
			config("orchestrator: {" + c.file + "services: [apps], transports: [memory]}")
		if c.env != "" {
			r.set(c.env)
		}
		code, want := r.run(), 0
		if c.says != "" {
			want = 1
		}
		r.want(code, want, c.says)
		if strings.Contains(r.stderr.String(), "secret") {
			t.Errorf("the password is shown in %s", r.stderr)
		}
		if c.says != "" && strings.Contains(c.says, "not linked") {
			r.says(r.stderr, "linked: memory", "ORCHESTRATOR_TRANSPORTER=memory", "go generate ./...")
		}
	}
}

// Proves: C14.
func TestLogLevel(t *testing.T) {
	for _, c := range []struct {
		file, env string
		code      int
		debug     bool
	}{
		{"", "", 0, false},
		{"log_level: debug, ", "", 0, true},
		{"log_level: debug, ", "LOG_LEVEL=warn", 0, false},
		{"log_level: warn, ", "LOG_LEVEL=debug", 0, true},
		{"", "LOG_LEVEL=loud", 1, false},
		{"log_level: loud, ", "", 1, false},
	} {
		r := newRig(t, binary(t, "dev", &fixture{name: "apps"})).
			config("orchestrator: {" + c.file + "services: [apps], transports: [memory]}")
		r.set(c.env)
		if c.code != 0 {
			r.want(r.run(), c.code, `"loud"`, "debug, ")
			continue
		}
		r.start()
		r.want(r.stop(), 0)
		if debug := strings.Contains(r.stderr.String(), "level=DEBUG"); debug != c.debug {
			t.Errorf("%q with %q: debug lines %t, want %t", c.file, c.env, debug, c.debug)
		}
	}
}

// Proves: C15: default, file, environment, and what is no number.
func TestMetricsPort(t *testing.T) {
	port, other := freePort(t), freePort(t)
	for _, c := range []struct{ file, env, says string }{
		{"", "", "127.0.0.1:3030"},
		{"metrics_port: " + port + ", ", "", "127.0.0.1:" + port},
		{"metrics_port: " + port + ", ", "METRICS_PORT=" + other, "127.0.0.1:" + other},
		{"", "METRICS_PORT=many", "METRICS_PORT is a text of 4 characters"},
	} {
		r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "call", "apps.echo").
			config("orchestrator: {" + c.file + "services: [apps], transports: [memory]}")
		delete(r.env, "METRICS_PORT")
		if c.env != "" {
			r.set(c.env)
		}
		if c.says == "127.0.0.1:3030" && taken(t, "3030") {
			continue // something real is there, which is not ours to call
		}
		r.want(r.run(), 1, c.says)
	}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"})).set("METRICS_PORT=" + port)
	if url := r.start(); url != "http://127.0.0.1:"+port {
		t.Errorf("listens at %s, want port %s", url, port)
	}
	r.want(r.stop(), 0)
}

// Proves: C16, R6 (production): no calls through the admin server, a log in JSON
// with one line when ready, nothing on stdout; services are told.
func TestProduction(t *testing.T) {
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle})).set("NODE_ENV=production").config(memoryOnly)
	url := r.start()
	if _, err := call(t, url, "apps.echo", `{"text":"x"}`); err == nil || !strings.Contains(err.Error(), "development only") {
		t.Errorf("a call in production: %v", err)
	}
	r.want(r.stop(), 0)
	if r.stdout.String() != "" {
		t.Errorf("stdout %q", r.stdout)
	}
	ready := 0
	for line := range strings.Lines(r.stderr.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Errorf("%q is no JSON: %v", line, err)
		}
		if took, ok := record["took"]; ok {
			if text, _ := took.(string); !strings.HasSuffix(text, "s") {
				t.Errorf("took %v in %s, want a duration with its unit", took, line)
			}
		}
		if record["msg"] == "ready" {
			ready++
			for key, want := range map[string]any{"transport": "memory", "namespace": "platform", "environment": "production", "count": 1.0, "services": "apps", "variant": "dev"} {
				if record[key] != want {
					t.Errorf("%s is %v, want %v", key, record[key], want)
				}
			}
		}
	}
	if ready != 1 {
		t.Errorf("%d lines say ready, want 1", ready)
	}
	bad := newRig(t, binary(t, "dev", &fixture{name: "apps"})).set("NODE_ENV=staging")
	bad.want(bad.run(), 1, `NODE_ENV is "staging"`, "development", "production")
}

// Proves: R6: the banner is told once and ends with a call that works.
func TestBanner(t *testing.T) {
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle}, &fixture{name: "pricing"}))
	url := r.start()
	r.says(r.stdout, "dev is ready", "2: apps, pricing", "memory, namespace platform", "development", url+"/metrics", "Ctrl-C",
		`bin/shop call apps.echo '{"text":"it'\''s me"}'`)
	if n := strings.Count(r.stdout.String(), "is ready"); n != 1 {
		t.Errorf("told %d times", n)
	}
	other := r.again("call", "apps.echo", `{"text":"it's me"}`)
	other.want(other.run(), 0)
	if got := other.stdout.String(); got != "{\n  \"text\": \"it's me\"\n}\n" {
		t.Errorf("the call answered %q", got)
	}
	r.want(r.stop(), 0)
}

// What is wrong in the settings of any service is told together, before a
// service is made.
func TestMistakesInSettingsAreToldTogether(t *testing.T) {
	type settings struct{ Port int }
	option := service.Config(func() settings { return settings{} })
	never := func(*bus.Bus, *service.Group) error { t.Error("a service was made"); return nil }
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: never}, &fixture{name: "pricing", make: never})).config(`
orchestrator: {services: [apps, pricing], transports: [memory], log_level: loud}
services:
  apps: {prot: 1}
  pricing: {port: many}
`)
	for i := range r.binary.Services {
		f := []*fixture{{name: "apps", make: never, options: []service.Option{option}}, {name: "pricing", make: never, options: []service.Option{option}}}[i]
		r.binary.Services[i] = f.definition()
	}
	r.want(r.run(), 1, "config.yml:2:", "config.yml:4:10:", "config.yml:5:", `"loud"`, "prot", "port")
}

// Proves: R16 (the process's own): states, times and what was built.
func TestProcessMetrics(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	url := r.start()
	shown := get(t, url+"/metrics")
	for _, want := range []string{
		`orchestrator_service_state{service="apps",state="Running"} 1`,
		`orchestrator_service_state{service="apps",state="Failed"} 0`,
		`orchestrator_service_start_seconds{service="apps"} `,
		`orchestrator_service_stop_seconds{service="apps"} 0`,
		`orchestrator_service_goroutine_failures_total{service="apps"} 0`,
		`orchestrator_build_info{digest="sha256:`, `go_goroutines `, `process_start_time_seconds `,
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing in:\n%s", want, shown)
		}
	}
	r.want(r.stop(), 0)
}

// Every line of a service carries its name, and the request's id when it is
// written with the context of a call.
func TestLogLinesOfAService(t *testing.T) {
	said := bus.NewAction[Text, Text]("apps.say")
	d := service.Module[*fixture]("apps", func(p params) (*fixture, error) {
		said.Handle(p.Bus, func(ctx context.Context, in Text) (Text, error) {
			p.Log.InfoContext(ctx, "said", "text", in.Text)
			return in, nil
		})
		return &fixture{name: "apps"}, nil
	})
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	r.binary.Services[0] = d
	url := r.start()
	if _, err := client.Call(t.Context(), url, "apps.say", []byte(`{"text":"hi"}`), client.Options{RequestID: "r-1"}); err != nil {
		t.Error(err)
	}
	if told := lines(r.stderr, "msg=said"); len(told) != 1 || !strings.HasSuffix(told[0], "service=apps text=hi request_id=r-1") {
		t.Errorf("told %q", told)
	}
	r.want(r.stop(), 0)
}
