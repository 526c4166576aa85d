package config

import (
	"strings"
	"testing"
)

func TestUnreadVariables(t *testing.T) {
	f := mustParse(t, "services: {apps: {name: '${ORCHESTRATOR_SHOP}'}}")
	warnings := f.Unread([]string{
		"PATH=/bin", "ORCHESTRATOR_TRANSPORT=NATS", "ORCHESTRATOR_STRICT=true", "ORCHESTRATOR_SHOP=a", "ORCHESTRATOR_REQUIRE_CONFIG=true",
		"ORCHESTRATOR_SERVICE_HOST=10.0.0.1", "ORCHESTRATOR_SERVICE_PORT_HTTP=1", "ORCHESTRATOR_PORT=tcp://10.0.0.1:1",
		"ORCHESTRATOR_PORT_1_TCP_ADDR=10.0.0.1", "ORCHESTRATOR_ADMIN_SERVICE_PORT=1", "ORCHESTRATOR_LEVEL=q7Zq7Z",
	})
	if len(warnings) != 2 || warnings[0].Subject != "ORCHESTRATOR_LEVEL" || warnings[1].Subject != "ORCHESTRATOR_TRANSPORT" {
		t.Fatalf("got %v", warnings)
	}
	if got := warnings[1].String(); !strings.Contains(got, `did you mean "ORCHESTRATOR_TRANSPORTER"?`) {
		t.Errorf("got %s", got)
	}
	if strings.Contains(warnings[0].String(), "q7Zq7Z") {
		t.Errorf("the value is shown: %s", warnings[0])
	}
}

// A Service of Kubernetes sets variables that are called like settings.
func TestPortThatKubernetesSet(t *testing.T) {
	p := settingsError(t, "", "METRICS_PORT=tcp://10.96.0.7:80")
	if !strings.Contains(p.Error(), "enableServiceLinks: false") || !strings.Contains(p.Error(), "METRICS_PORT is a URL") {
		t.Errorf("got %v", p)
	}
	if p := settingsError(t, "", "METRICS_PORT=http"); strings.Contains(p.Error(), "Kubernetes") {
		t.Errorf("got %v", p)
	}
}

func TestServicesThatNameNone(t *testing.T) {
	for _, value := range []string{",", " , ,"} {
		if p := settingsError(t, "", "ORCHESTRATOR_SERVICES="+value); p.Code != "empty-selection" || !strings.Contains(p.Error(), "names no service") {
			t.Errorf("%q: %v", value, p)
		}
	}
	if got := settingsOf(t, "", "ORCHESTRATOR_SERVICES= ").Services; got != nil {
		t.Errorf("an empty variable gives %v", got)
	}
}

func TestRequireConfig(t *testing.T) {
	for env, want := range map[string]bool{
		"NODE_ENV=development": false, "NODE_ENV=production": true,
		"NODE_ENV=production ORCHESTRATOR_REQUIRE_CONFIG=false": false, "ORCHESTRATOR_REQUIRE_CONFIG=true": true,
	} {
		if got := settingsOf(t, "", strings.Fields(env)...).RequireConfig; got != want {
			t.Errorf("%s: %v, want %v", env, got, want)
		}
	}
}
