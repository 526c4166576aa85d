package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func settingsOf(t *testing.T, file string, env ...string) Settings {
	t.Helper()
	settings, warnings, err := mustParse(t, file).Settings(variables(env...))
	if err != nil || len(warnings) > 0 {
		t.Fatalf("Settings: %v, %v", warnings, err)
	}
	return settings
}

// settingsError returns the one problem that Settings reports.
func settingsError(t *testing.T, file string, env ...string) Problem {
	t.Helper()
	_, _, err := mustParse(t, file).Settings(variables(env...))
	problems, ok := errors.AsType[Problems](err)
	if !ok || len(problems) != 1 {
		t.Fatalf("Settings gave %v, want one problem", err)
	}
	return problems[0]
}

func TestDefaults(t *testing.T) {
	settings, warnings, err := Default().Settings(variables())
	want := Settings{
		Environment: "development", Transporter: Transporter{Kind: "memory"}, LogLevel: slog.LevelInfo, LogFormat: "text",
		MetricsPort: 3030, Namespace: "platform", PreferLocal: true, AdminAddress: "127.0.0.1", DrainTimeout: 10 * time.Second, Strict: true,
	}
	if err != nil || len(warnings) > 0 || !cmp.Equal(settings, want) {
		t.Errorf("got %+v, %v, %v", settings, warnings, err)
	}
}

// Proves: C12.
func TestTransporterValues(t *testing.T) {
	for value, want := range map[string]string{
		"":                                   "memory",
		"transporter:":                       "memory",
		"transporter: null":                  "memory",
		"transporter: ~":                     "memory",
		"transporter: ''":                    "memory",
		"transporter: 'null'":                "memory",
		"transporter: memory":                "memory",
		"transporter: NATS":                  "nats://127.0.0.1:4222",
		"transporter: nats":                  "nats://127.0.0.1:4222",
		"transporter: nats://h:1":            "nats://h:1",
		"transporter: tls://h":               "tls://h",
		"transporter: 'nats://a,nats://b:2'": "nats://a,nats://b:2",
		"transporter: embedded":              "embedded",
	} {
		got := settingsOf(t, "orchestrator:\n  "+value).Transporter
		if got.String() != want || got.InMemory() != (want == "memory") {
			t.Errorf("%q is %s, want %s", value, got, want)
		}
	}
	for _, value := range []string{"kafka", "http://h:1", "nats://", "nats:h", "nats://h/path", "redis://shop:hunter2@h", "nats://shop:hunter2@h:x", "true", "hunter2@h"} {
		p := settingsError(t, "orchestrator: {transporter: '"+value+"'}")
		text := p.Error()
		if !strings.HasPrefix(text, "config.yml:1:29: orchestrator.transporter is ") || !strings.Contains(text, "embedded") || strings.Contains(text, "shop:hunter2") {
			t.Errorf("%q: %s", value, text)
		}
		if text = settingsError(t, "", "ORCHESTRATOR_TRANSPORTER="+value).Error(); !strings.HasPrefix(text, "ORCHESTRATOR_TRANSPORTER is ") || strings.Contains(text, "hunter2") {
			t.Errorf("%q: %s", value, text)
		}
	}
}

// Proves: C13.
func TestTransporterVariableWins(t *testing.T) {
	const file = "orchestrator: {transporter: NATS}"
	for value, want := range map[string]string{"null": "memory", "": "memory", "memory": "memory", "NULL": "memory", "nats://h:1": "nats://h:1"} {
		if got := settingsOf(t, file, "ORCHESTRATOR_TRANSPORTER="+value).Transporter.String(); got != want {
			t.Errorf("%q over NATS is %s, want %s", value, got, want)
		}
	}
	if got := settingsOf(t, "orchestrator: {transporter: null}", "ORCHESTRATOR_TRANSPORTER=NATS").Transporter.Kind; got != TransporterNATS {
		t.Errorf("NATS over null is %s", got)
	}
}

func TestTransporterShowsNoPassword(t *testing.T) {
	settings := settingsOf(t, "", "ORCHESTRATOR_TRANSPORTER=nats://shop:hunter2@h:1,tls://hunter2@i")
	checkHidden(t, "hunter2", settings, settings.Transporter, &settings.Transporter, []Transporter{settings.Transporter})
	if got := fmt.Sprint(settings.Transporter); got != "nats://[REDACTED]@h:1,tls://[REDACTED]@i" {
		t.Errorf("it prints %s", got)
	}
	if !strings.Contains(settings.Transporter.URL, "shop:hunter2@h:1") {
		t.Error("the URL itself must keep the password")
	}
}

// Proves: C14 (default, file, environment, invalid).
func TestLogLevel(t *testing.T) {
	const file = "orchestrator: {log_level: warn}"
	if got := settingsOf(t, file).LogLevel; got != slog.LevelWarn {
		t.Errorf("the file's level is %v", got)
	}
	if got := settingsOf(t, file, "LOG_LEVEL=DEBUG").LogLevel; got != slog.LevelDebug {
		t.Errorf("the variable's level is %v", got)
	}
	if got := settingsOf(t, file, "LOG_LEVEL=").LogLevel; got != slog.LevelWarn {
		t.Errorf("an empty variable gives %v", got)
	}
	if got := settingsError(t, "", "LOG_LEVEL=dbug").Error(); got != "LOG_LEVEL is \"dbug\", which is no log level\n    did you mean \"debug\"? levels: debug, error, info, warn" {
		t.Errorf("got %s", got)
	}
	if got := settingsError(t, "orchestrator:\n  log_level: loud\n", "LOG_LEVEL=info"); got.Line != 2 || got.Column != 14 {
		t.Errorf("got %v", got)
	}
}

func TestLogFormat(t *testing.T) {
	for _, c := range []struct {
		file, want string
		env        []string
	}{
		{"", "text", nil},
		{"", "json", []string{"NODE_ENV=production"}},
		{"orchestrator: {log_format: text}", "text", []string{"NODE_ENV=production"}},
		{"orchestrator: {log_format: text}", "json", []string{"LOG_FORMAT=json"}},
	} {
		if got := settingsOf(t, c.file, c.env...).LogFormat; got != c.want {
			t.Errorf("%q %v gives %s", c.file, c.env, got)
		}
	}
	settingsError(t, "", "LOG_FORMAT=xml")
}

// Proves: C15 (default, file, environment, not a number).
func TestMetricsPort(t *testing.T) {
	const file = "orchestrator: {metrics_port: 4040}"
	if got := settingsOf(t, "").MetricsPort; got != 3030 {
		t.Errorf("the default is %d", got)
	}
	if got := settingsOf(t, file).MetricsPort; got != 4040 {
		t.Errorf("the file's port is %d", got)
	}
	for value, want := range map[string]int{"5050": 5050, "0": 0, "6060\t": 6060, "": 4040} {
		if got := settingsOf(t, file, "METRICS_PORT="+value).MetricsPort; got != want {
			t.Errorf("METRICS_PORT=%q gives %d", value, got)
		}
	}
	for _, value := range []string{"http", "-1", "65536", "3030x", "0x10", "3.5"} {
		if got := settingsError(t, file, "METRICS_PORT="+value).Error(); !strings.HasPrefix(got, "METRICS_PORT is ") {
			t.Errorf("%q: %s", value, got)
		}
		if got := settingsError(t, "orchestrator: {metrics_port: "+value+"}"); got.Column != 30 {
			t.Errorf("%q: %v", value, got)
		}
	}
	settingsError(t, "orchestrator: {metrics_port: '4040'}")
	settingsError(t, "orchestrator: {metrics_port: [4040]}")
}

// Proves: C16 (what NODE_ENV can be).
func TestNodeEnv(t *testing.T) {
	for value, want := range map[string]string{"": "development", "development": "development", "production": "production"} {
		if got := settingsOf(t, "", "NODE_ENV="+value).Environment; got != want {
			t.Errorf("NODE_ENV=%q is %s", value, got)
		}
	}
	for _, value := range []string{"test", "prod", "Production"} {
		if got := settingsError(t, "", "NODE_ENV="+value).Error(); !strings.Contains(got, "environments: development, production") {
			t.Errorf("%q: %s", value, got)
		}
	}
}

func TestAdminAddress(t *testing.T) {
	for _, value := range []string{"0.0.0.0", "::1", "localhost", "127.0.0.2"} {
		if got := settingsOf(t, "orchestrator: {admin_address: 10.0.0.1}", "ADMIN_ADDRESS="+value).AdminAddress; got != value {
			t.Errorf("%q gives %q", value, got)
		}
	}
	for _, value := range []string{"127.0.0.1:3030", "example.org", "*"} {
		if got := settingsError(t, "", "ADMIN_ADDRESS="+value).Error(); !strings.Contains(got, "METRICS_PORT") {
			t.Errorf("%q: %s", value, got)
		}
	}
	settingsError(t, "orchestrator: {admin_address: ''}")
}

func TestDrainTimeout(t *testing.T) {
	for value, want := range map[string]time.Duration{"0s": 0, "1m30s": 90 * time.Second} {
		if got := settingsOf(t, "orchestrator: {drain_timeout: "+value+"}").DrainTimeout; got != want {
			t.Errorf("%s gives %v", value, got)
		}
	}
	for _, value := range []string{"10", "-1s", "soon", "{}"} {
		settingsError(t, "orchestrator: {drain_timeout: "+value+"}")
	}
}

func TestStrict(t *testing.T) {
	for _, c := range []struct {
		file string
		env  []string
		want bool
	}{
		{"", nil, true},
		{"", []string{"NODE_ENV=production"}, false},
		{"orchestrator: {strict: true}", []string{"NODE_ENV=production"}, true},
		{"orchestrator: {strict: false}", nil, false},
		{"orchestrator: {strict: false}", []string{"ORCHESTRATOR_STRICT=true"}, true},
		{"", []string{"ORCHESTRATOR_STRICT=false"}, false},
	} {
		if got := settingsOf(t, c.file, c.env...).Strict; got != c.want {
			t.Errorf("%q with %q gives %v", c.file, c.env, got)
		}
	}
	if got := settingsError(t, "orchestrator: {strict: yes}").Error(); !strings.Contains(got, `orchestrator.strict is "yes", which is neither true nor false`) {
		t.Errorf("got %s", got)
	}
	settingsError(t, "", "ORCHESTRATOR_STRICT=1")
}

func TestServicesVariableNarrows(t *testing.T) {
	for value, want := range map[string][]string{"": nil, " ": nil, "apps": {"apps"}, " apps , pricing,,apps": {"apps", "pricing"}} {
		if got := settingsOf(t, "", "ORCHESTRATOR_SERVICES="+value).Services; !cmp.Equal(got, want) {
			t.Errorf("%q gives %v", value, got)
		}
	}
	if got := settingsError(t, "", "ORCHESTRATOR_SERVICES=apps,../x"); got.Code != "bad-name" {
		t.Errorf("got %v", got)
	}
}

// Everything wrong is reported together. Proves: C20 (settings).
func TestAllMistakesAtOnce(t *testing.T) {
	f := mustParse(t, "orchestrator:\n  transporter: kafka\n  metrics_port: high\n  admin_address: ${NO}\n")
	_, _, err := f.Settings(variables("NODE_ENV=test", "LOG_LEVEL=loud", "LOG_FORMAT=xml"))
	compareGolden(t, "testdata/settings.txt", err.Error()+"\n")
}

func TestReferences(t *testing.T) {
	const file = "orchestrator: {transporter: 'nats://${HOST:-localhost}:${NATS_PORT}', metrics_port: '${ADMIN_PORT:-4040}'}"
	settings := settingsOf(t, file, "NATS_PORT=4222")
	if settings.Transporter.URL != "nats://localhost:4222" || settings.MetricsPort != 4040 {
		t.Errorf("settings: %+v", settings)
	}
	p := settingsError(t, file)
	if p.Code != "unset-variable" || !strings.Contains(p.Message, "orchestrator.transporter") || !strings.Contains(p.Message, "NATS_PORT") || p.Column != 29 {
		t.Errorf("problem: %v", p)
	}
	// The value of a variable may be secret, so a message does not show it.
	p = settingsError(t, "orchestrator: {transporter: '${BUS}'}", "BUS=hunter2")
	if strings.Contains(p.Error(), "hunter2") || !strings.Contains(p.Message, "${BUS}") {
		t.Errorf("problem: %v", p)
	}
}

// Each variable of the original that has no reader gives one warning.
func TestRetiredVariables(t *testing.T) {
	env := variables("PORT=1", "DATABASE_URL=x", "MOLECULER_TRANSPORTER=x", "PAYMENTS_PLUGIN_TIMEOUT_MS=1", "APPS_PLUGIN_RETRIES=1",
		"SHIPPING_PLUGIN_RATELIMIT=1", "HEARTBEAT_INTERVAL=1", "HEARTBEAT_TIMEOUT=1", "ORDERS_DATABASE_URL=x", "SERVICES_MODE=x", "INVENTORY_MOCK_MODE=")
	_, warnings, err := Default().Settings(env)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, w := range warnings {
		text.WriteString(w.String() + "\n")
	}
	compareGolden(t, "testdata/retired.txt", text.String())

	f := mustParse(t, "services: {apps: {url: '${DATABASE_URL}'}}")
	if _, warnings, _ = f.Settings(variables("DATABASE_URL=x")); len(warnings) > 0 {
		t.Errorf("a variable that the file mentions is read: %v", warnings)
	}
}

func TestScaleOut(t *testing.T) {
	if s := settingsOf(t, "orchestrator: {prefer_local: false}"); s.PreferLocal {
		t.Errorf("%+v", s)
	}
	f, err := Parse("config.yml", []byte("orchestrator: {prefer_local: maybe}"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = f.Settings(func(string) (string, bool) { return "", false })
	if err == nil || !strings.Contains(err.Error(), "config.yml:1:30") || !strings.Contains(err.Error(), "true or false") {
		t.Errorf("%v", err)
	}
}

func TestNodeID(t *testing.T) {
	if s := settingsOf(t, "orchestrator: {node_id: shop-1}"); s.NodeID != "shop-1" {
		t.Errorf("%+v", s)
	}
	if s := settingsOf(t, "orchestrator: {node_id: shop-1}", "ORCHESTRATOR_NODE_ID=Shop_2"); s.NodeID != "Shop_2" {
		t.Errorf("%+v", s)
	}
	if p := settingsError(t, "orchestrator: {node_id: shop.1}"); !strings.Contains(p.Error(), `orchestrator.node_id is "shop.1", which cannot name a node`) || p.Column != 25 {
		t.Errorf("%v", p)
	}
	settingsError(t, "", "ORCHESTRATOR_NODE_ID=*")
}

// checkHidden prints values in every usual way and looks for what must not show.
func checkHidden(t *testing.T, hidden string, values ...any) {
	t.Helper()
	for _, value := range values {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%X", "%d", "%t", "%10v", "%-40s"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "value", value)
		data, err := json.Marshal(value)
		if err != nil {
			t.Error(err)
		}
		out.Write(data)
		if text := out.String(); strings.Contains(text, hidden) || strings.Contains(text, fmt.Sprintf("%x", hidden)) {
			t.Errorf("%T shows the secret:\n%s", value, text)
		}
	}
}
