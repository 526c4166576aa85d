package apps

import (
	"fmt"
	"slices"
	"testing"

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
