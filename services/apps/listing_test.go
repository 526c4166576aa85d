package apps

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// Proves: A7
func TestListApps(t *testing.T) {
	apps := development(t, promo("promo", 20, gives("FIVE")), newer(), carrier("carrier", 10))
	res, err := appsapi.ListApps.Call(t.Context(), apps.caller, appsapi.ListAppsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range res.Apps {
		got = append(got, fmt.Sprintf("%s|%s|%s|%v|%d|%t", a.Code, a.Name, a.Version, a.Domains, a.Priority, a.Compatible))
	}
	want := []string{
		"carrier|Carrier carrier|0.1.0|[delivery payments]|10|true",
		"promo|Promo promo|1.0.0|[pricing]|20|true",
		"newer|Promo newer|1.0.0|[pricing]|900|false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the apps are\n%q, want\n%q", got, want)
	}
}

// newer is a plugin for another version of the SDK.
func newer() plugin.Plugin {
	p := promo("newer", 900, gives("NO"))
	p.Manifest.APIVersion = "^2.0.0"
	return p
}

// Proves: A8
func TestListInstalledApps(t *testing.T) {
	config := DefaultConfig()
	config.Projects = map[string]ProjectConfig{"demo": {Plugins: PluginsConfig{
		"carrier": {Status: "active", Config: []byte(`{"key": "k-123"}`)},
		"promo":   {Status: "inactive", Config: []byte(`{"max": 1}`)},
	}}}
	apps := start(t, config, service.Production, promo("promo", 20, gives("FIVE")), carrier("carrier", 10), newer())
	res, err := appsapi.ListInstalledApps.Call(t.Context(), apps.caller, appsapi.ListInstalledAppsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range res.Apps {
		got = append(got, fmt.Sprintf("%s %s %s %s", a.Code, a.Domain, a.Status, a.Settings))
	}
	want := []string{
		`carrier delivery active {"key":"[REDACTED]"}`,
		`carrier payments active {"key":"[REDACTED]"}`,
		`promo pricing inactive {"key":"","max":1}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("installed are\n%q, want\n%q", got, want)
	}
	_, err = appsapi.ListInstalledApps.Call(t.Context(), apps.caller, appsapi.ListInstalledAppsRequest{ProjectID: "other"})
	if !errors.Is(err, appsapi.ErrProjectNotFound) {
		t.Errorf("got %v", err)
	}
	_, err = appsapi.ListInstalledApps.Call(t.Context(), apps.caller, appsapi.ListInstalledAppsRequest{})
	var e *bus.Error
	if !errors.As(err, &e) || len(e.Fields()) != 1 || e.Fields()[0].Field != "projectId" {
		t.Errorf("got %v", err)
	}
}
