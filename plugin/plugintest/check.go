package plugintest

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/plugin"
)

// Check fails the test unless the plugin's declaration is valid, it can be
// opened without configuration, it refuses an unknown setting by name, it fits
// this version of the SDK, and its README says what the code says. readme is
// the path of README.md.
func Check(t *testing.T, p plugin.Plugin, readme string) {
	t.Helper()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	if !p.Manifest.Compatible() {
		t.Fatalf("%s wants plugin API %s, this is %s", p.Manifest.Code, p.Manifest.APIVersion, plugin.APIVersion)
	}
	provider, err := p.Open(t.Context(), plugin.NewConfig("demo", nil))
	if err != nil {
		t.Fatalf("open without configuration: %v", err)
	}
	checkUnknownSetting(t, p)
	checkReadme(t, p.Manifest, provider, readme)
}

func checkUnknownSetting(t *testing.T, p plugin.Plugin) {
	t.Helper()
	const misspelt = "noSuchSetting"
	_, err := p.Open(t.Context(), plugin.NewConfig("demo", json.RawMessage(`{"`+misspelt+`": 1}`)))
	var invalid *plugin.InvalidError
	if !errors.As(err, &invalid) || invalid.Fields[0].Field != misspelt {
		t.Errorf("an unknown setting must be refused by name, got %v", err)
	}
}

func checkReadme(t *testing.T, m plugin.Manifest, provider *plugin.Provider, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for _, want := range readmeFacts(t, m, provider) {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not contain %q", path, want)
		}
	}
}

// readmeFacts returns what a plugin's README must say, as the code says it.
func readmeFacts(t *testing.T, m plugin.Manifest, provider *plugin.Provider) []string {
	t.Helper()
	facts := []string{"# " + m.DisplayName, "`" + m.Code + "`",
		"## Purpose", "## Domains", "## Config", "## Operations"}
	for _, domain := range m.Domains {
		for _, operation := range provider.Operations(domain) {
			facts = append(facts, "`"+string(domain)+"."+operation+"`")
		}
	}
	settings, err := provider.Settings()
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(settings, &fields); err != nil {
		t.Fatalf("the settings are no object: %s", settings)
	}
	for name := range fields {
		facts = append(facts, "`"+name+"`")
	}
	return facts
}
