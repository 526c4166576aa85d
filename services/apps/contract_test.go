package apps

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

func TestExamplesWorkOnDemoData(t *testing.T) {
	apps := development(t, promo("promo", 0, gives("FIVE")))
	for _, action := range apps.node.Actions() {
		if action.Service != "apps" {
			continue
		}
		if action.Doc == "" || !action.Handled || len(action.Example) == 0 {
			t.Errorf("%s has no doc, handler or example: %+v", action.Name, action)
		}
		answer, err := apps.node.CallJSON(t.Context(), apps.caller, action.Name, action.Example)
		if err != nil {
			t.Errorf("%s: %v", action.Name, err)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(answer, &fields); err != nil || string(fields["warnings"]) != "" {
			t.Errorf("%s answers %s, %v", action.Name, answer, err)
		}
	}
}

func declaredErrors() []*bus.Declared {
	return []*bus.Declared{
		appsapi.ErrProjectNotFound, appsapi.ErrProviderNotInstalled, appsapi.ErrProviderInactive,
		appsapi.ErrOperationNotServed, appsapi.ErrProviderFailed, appsapi.ErrProviderTimeout,
	}
}

// TestReadmeSaysWhatTheContractSays compares the names in the README with those
// of the code, in both directions.
func TestReadmeSaysWhatTheContractSays(t *testing.T) {
	content, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(content)
	for _, section := range []string{"# apps", "## Name", "## Purpose", "## Config", "## Actions", "## Errors", "## Metrics"} {
		if !strings.Contains(readme, "\n"+section+"\n") && !strings.HasPrefix(readme, section+"\n") {
			t.Errorf("README.md has no section %s", section)
		}
	}
	var known []string
	for _, action := range development(t).node.Actions() {
		if action.Service == "apps" {
			known = append(known, action.Name)
		}
	}
	for _, declared := range declaredErrors() {
		known = append(known, declared.Reason())
		if row := "| `" + declared.Reason() + "` | `" + declared.Code().String() + "` |"; !strings.Contains(readme, row) {
			t.Errorf("README.md has no row %s", row)
		}
	}
	var named []string
	for _, match := range regexp.MustCompile("`(apps\\.[A-Za-z]+)`").FindAllStringSubmatch(readme, -1) {
		named = append(named, match[1])
	}
	slices.Sort(known)
	slices.Sort(named)
	if named = slices.Compact(named); !slices.Equal(named, known) {
		t.Errorf("README.md names %q, the contract %q", named, known)
	}
	for _, code := range []appsapi.WarningCode{appsapi.ProviderError, appsapi.ProviderTimeout, plugin.UnknownParam} {
		if !strings.Contains(readme, "| `"+string(code)+"` |") {
			t.Errorf("README.md does not list the warning %s", code)
		}
	}
}
