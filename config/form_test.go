package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// long is a secret of nothing but letters and digits.
const long = "Q7q7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Z"

// misplaced are values of one variable in another, as a slip in a template puts them there.
var misplaced = []string{
	"nats://u:q7Zq7Z@h", "tcp://u:q7Zq7Z@10.0.0.1:80", "u:q7Zq7Z@h", "nats://u%3Aq7Zq7Z%40127.0.0.1:1", "nats://h;token=q7Zq7Z",
	"h;token=q7Zq7Z", "token=q7Zq7Z", "a/q7Zq7Z", "nats://u:a,q7_7Z,x@h", "nats://u:A,Q7,q7Z@h", "q7Zq7Z%40h", "q7Zq7Z q7Zq7Z q7Zq7Z q7Zq7Z q7Zq7Z",
	long, `q7Z"q7Z`, "${q7Zq7Z}",
}

// Whatever secret stands in the wrong variable, or the wrong key, is described.
func TestNoVariableShowsTheSecretOfAnother(t *testing.T) {
	names := map[string]string{ // and the keys
		"METRICS_PORT": "metrics_port", "LOG_LEVEL": "log_level", "LOG_FORMAT": "log_format", "NODE_ENV": "mode", "ORCHESTRATOR_STRICT": "strict",
		"ORCHESTRATOR_NAMESPACE": "namespace", "ORCHESTRATOR_NODE_ID": "node_id", "ORCHESTRATOR_SERVICES": "services",
		"ORCHESTRATOR_REQUIRE_CONFIG": "drain_timeout", "ORCHESTRATOR_TRANSPORTER": "transporter", "ADMIN_ADDRESS": "admin_address",
		"ADMIN_HOSTS": "prefer_local", "ADMIN_TOKEN": "spill",
	}
	one := func(values ...string) func(string) bool {
		return func(value string) bool { return slices.Contains(values, value) }
	}
	takes := map[string]func(string) bool{} // what is none of the misplaced: a valid value
	for name := range names {
		takes[name] = one()
	}
	takes["ORCHESTRATOR_TRANSPORTER"] = one("nats://u:q7Zq7Z@h")
	takes["ORCHESTRATOR_NODE_ID"], takes["ADMIN_HOSTS"], takes["ADMIN_TOKEN"] = one(long), one(long), one(long)
	for name, key := range names {
		for _, value := range misplaced {
			if _, _, err := Default().Settings(variables(name + "=" + value)); err != nil || !takes[name](value) {
				showsNothing(t, name+"="+value, err)
			}
			if strings.Contains(value, "${") {
				continue // a reference
			}
			for _, written := range []string{"'" + value + "'", "['" + value + "']"} {
				if _, _, err := settingsFrom("orchestrator:\n  " + key + ": " + written); err != nil || !takes[name](value) {
					showsNothing(t, key+": "+written, err)
				}
			}
		}
	}
}

func settingsFrom(text string) (Settings, []Warning, error) {
	f, err := Parse("config.yml", []byte(text))
	if err != nil {
		return Settings{}, nil, err
	}
	return f.Settings(variables())
}

// The other places where the file has a word.
func TestNoNameShowsASecret(t *testing.T) {
	for _, value := range misplaced {
		if strings.Contains(value, "${") || importPath.MatchString(value) {
			continue
		}
		for _, section := range []string{
			"services: [a]\n  variants: {b: {extends: '%s'}}", "services: [a]\n  variants: {b: {services: [a], allow_standalone: '%s'}}",
			"services: [a]\n  transports: ['%s']", "standalone: ['%s']", "external: {a: '%s'}", "external: {a: {import: 'a b %s'}}", "admin_hosts: ['%s/']",
		} {
			section = fmt.Sprintf(section, value)
			_, _, err := settingsFrom("orchestrator:\n  " + section)
			showsNothing(t, section, err)
		}
	}
}

// A bare word may be the token of the server.
func TestTransporterWordIsNotRepeated(t *testing.T) {
	for _, value := range []string{"q7Zq7Z", "qq7", "nats:q7Zq7Z"} {
		_, _, err := Default().Settings(variables("ORCHESTRATOR_TRANSPORTER=" + value))
		showsNothing(t, value, err)
		_, _, err = settingsFrom("orchestrator: {transporter: '" + value + "'}")
		showsNothing(t, value, err)
	}
}

// What is harmless by its form is what the mistake is about.
func TestHarmlessValuesAreShown(t *testing.T) {
	for given, want := range map[string]string{
		"METRICS_PORT=70000":            `METRICS_PORT is "70000", which is no port`,
		"METRICS_PORT=nats://u:p@h":     "METRICS_PORT is a URL, which is no port",
		"METRICS_PORT=port=3030":        "METRICS_PORT is a text of 9 characters, which is no port",
		"LOG_LEVEL=loud":                `LOG_LEVEL is "loud"`,
		"NODE_ENV=test":                 `NODE_ENV is "test"`,
		"ORCHESTRATOR_STRICT=yes":       `ORCHESTRATOR_STRICT is "yes"`,
		"ORCHESTRATOR_STRICT=1":         `ORCHESTRATOR_STRICT is "1"`,
		"ORCHESTRATOR_NODE_ID=shop.1":   `ORCHESTRATOR_NODE_ID is "shop.1"`,
		"ORCHESTRATOR_NAMESPACE=Shop":   `ORCHESTRATOR_NAMESPACE is not usable: "Shop" is no name`,
		"ORCHESTRATOR_SERVICES=Apps,b":  `ORCHESTRATOR_SERVICES: "Apps" is no name`,
		"ORCHESTRATOR_SERVICES=a;b":     "ORCHESTRATOR_SERVICES is a text of 3 characters, which is no list of names",
		"ADMIN_ADDRESS=localhst":        `ADMIN_ADDRESS is "localhst"`,
		"ADMIN_ADDRESS=127.0.0.1:3030":  `ADMIN_ADDRESS is "127.0.0.1:3030"`,
		"ADMIN_HOSTS=door.example:80,b": `ADMIN_HOSTS is "door.example:80"`,
		"ORCHESTRATOR_TRANSPORTER=NTS":  "ORCHESTRATOR_TRANSPORTER is a text of 3 characters, which is no transporter\n    did you mean \"nats\"? transporters: null",
	} {
		if _, _, err := Default().Settings(variables(given)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %s in\n%v", given, want, err)
		}
	}
}
