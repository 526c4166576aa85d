package orchestrator_test

import (
	"strings"
	"testing"
)

// Whatever variable is given an address or a token, neither check nor run prints it.
func TestMisplacedSecretsAreNotPrinted(t *testing.T) {
	for _, name := range []string{
		"METRICS_PORT", "LOG_LEVEL", "LOG_FORMAT", "NODE_ENV", "ORCHESTRATOR_STRICT", "ORCHESTRATOR_NAMESPACE", "ORCHESTRATOR_NODE_ID",
		"ORCHESTRATOR_SERVICES", "ORCHESTRATOR_REQUIRE_CONFIG", "ORCHESTRATOR_TRANSPORTER", "ADMIN_ADDRESS", "ADMIN_HOSTS", "ADMIN_TOKEN", "CONFIG_FILE",
	} {
		for _, value := range []string{"nats://u:hunter2@h", "nats://u%3Ahunter2%40h:1", "nats://h;token=hunter2", "u:hunter2@h", "u;token=hunter2"} {
			for _, command := range []string{"check", "run"} {
				r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), command).set(name + "=" + value)
				if code := r.run(); code != 1 || r.stderr.String() == "" {
					t.Errorf("%s=%s: %s gave code %d", name, value, command, code)
				}
				if said := r.stdout.String() + r.stderr.String(); strings.Contains(said, "hunter2") {
					t.Errorf("%s=%s: %s prints\n%s", name, value, command, said)
				}
			}
		}
	}
}

// A token may look like the name of a service, only longer.
func TestTokenInPlaceOfAService(t *testing.T) {
	const token = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}, &fixture{name: "pricing"})).set("ORCHESTRATOR_SERVICES=pricng," + token)
	r.want(r.run(), 1, "the service a text of 32 characters, which is not linked", "to run that: ORCHESTRATOR_SERVICES=pricing bin/shop\n")
	if strings.Contains(r.stderr.String(), token) {
		t.Errorf("it prints\n%s", r.stderr)
	}
}
