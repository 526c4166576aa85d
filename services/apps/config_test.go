package apps

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

func TestPluginsAreAListOrAMapping(t *testing.T) {
	for text, want := range map[string]string{
		`["meest", "catalog"]`:              "map[catalog:{active [REDACTED]} meest:{active [REDACTED]}]",
		`[]`:                                "map[]",
		`{}`:                                "map[]",
		`{"meest": {"status": "inactive"}}`: "map[meest:{inactive [REDACTED]}]",
		`{"meest": null, "catalog": {}}`:    "map[catalog:{active [REDACTED]} meest:{active [REDACTED]}]",
		`["meest", "meest"]`:                `the plugin "meest" is in the list twice`,
		`"meest"`:                           "must be a list of plugin codes, or a mapping",
		`[{"meest": {}}]`:                   "must be a list of plugin codes, or a mapping",
		`{"meest": {"state": "x"}}`:         `meest: there is no key "state"; the keys are status and config`,
		`{"meest": {"status": 5}}`:          `meest: status must be a text, not 5`,
		`{"meest": "inactive"}`:             `meest: must be a mapping with the keys status and config`,
	} {
		var plugins PluginsConfig
		got := fmt.Sprint(json.Unmarshal([]byte(text), &plugins))
		if got == "<nil>" {
			got = fmt.Sprintf("%v", plugins)
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestPluginConfigurationIsNotPrinted(t *testing.T) {
	config := Config{Projects: map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{
		"meest": {Status: "active", Config: json.RawMessage(`{"apiKey": "k-123"}`)}}}}}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "config", config)
	raw := fmt.Sprintf("%v", json.RawMessage("k-123")) // how bytes are printed
	texts := []string{log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%d", "%x"} {
		texts = append(texts, fmt.Sprintf(verb, config))
	}
	for _, text := range texts {
		if strings.Contains(text, "k-123") || strings.Contains(text, strings.Trim(raw, "[]")) || strings.Contains(text, "6b2d313233") {
			t.Errorf("the configuration is printed: %s", text)
		}
	}
}

func TestConfigMistakes(t *testing.T) {
	for want, spoil := range map[string]func(*Config){
		"provider_timeout must be more than 0":    func(c *Config) { c.ProviderTimeout = 0 },
		"provider_concurrency must be at least 1": func(c *Config) { c.ProviderConcurrency = 0 },
		"projects has a project with an empty id": func(c *Config) { c.Projects = map[string]ProjectConfig{"": {}} },
		"projects.demo.plugins.meest.status must ": func(c *Config) {
			c.Projects = map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{"meest": {Status: "of"}}}}
		},
	} {
		config := DefaultConfig()
		if err := config.Validate(); err != nil {
			t.Fatal(err)
		}
		spoil(&config)
		if err := config.Validate(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	both := Config{Projects: map[string]ProjectConfig{"": {}}}
	if err := both.Validate(); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three mistakes", err)
	}
}

// What New would refuse is known before anything is made, also beside other mistakes.
func TestConfigIsCheckedAgainstThePlugins(t *testing.T) {
	config := DefaultConfig()
	config.ProviderConcurrency = -1
	config.Projects = map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{"prom": {Status: "active"}, "promo": {Status: "active", Config: []byte(`{"maximum": 1}`)}}}}
	err := config.Check(service.Surroundings{Plugins: plugin.Set{promo("promo", 0, fails)}, Environment: service.Development})
	for _, want := range []string{`projects.demo.plugins.prom: no plugin of this code is linked into the binary; linked are promo; did you mean "promo"?`, "projects.demo.plugins.promo: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
