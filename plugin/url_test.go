package plugin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/plugin"
)

type server struct {
	BaseURL plugin.URL `json:"baseUrl"`
}

type servers struct {
	server
	Mirrors []plugin.URL       `json:"mirrors"`
	ByCity  map[string]*server `json:"byCity"`
	None    *server            `json:"none"`
}

// Proves: C16 (production demands https for plugin URLs).
func TestProductionDemandsHTTPS(t *testing.T) {
	config := plugin.NewConfig("demo", json.RawMessage(`{
		"baseUrl": "http://a.example", "mirrors": ["https://b.example", "HTTP://c.example", ""],
		"byCity": {"Kyiv": {"baseUrl": "http://d.example"}, "Lviv": {"baseUrl": "HTTPS://e.example/x"}}}`))
	if err := config.Decode(&servers{}); err != nil {
		t.Errorf("in development: %v", err)
	}
	err := config.RequireHTTPS().Decode(&servers{})
	var invalid *plugin.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("in production: %v", err)
	}
	var fields []string
	for _, f := range invalid.Fields {
		fields = append(fields, f.Field+" "+f.Rule)
	}
	if diff := cmp.Diff([]string{"baseUrl https", "mirrors[1] https", "byCity.Kyiv.baseUrl https"}, fields); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestURLsAreAbsoluteAndHidePasswords(t *testing.T) {
	for _, text := range []string{"api.example", "/path", "ftp://u:hunter2@h", "https://", "://u:hunter2@h", "https://u:hunter2@h:port"} {
		err := plugin.NewConfig("demo", json.RawMessage(fmt.Sprintf(`{"baseUrl": %q}`, text))).Decode(&server{})
		if err == nil || !strings.Contains(err.Error(), "baseUrl: must be an absolute URL") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, want := range map[string]string{
		"": "", "https://hunter2@api.example/v1": "https://[REDACTED]@api.example/v1", "https://api.example:8443/a%20b": "https://api.example:8443/a%20b",
		"https://api.example/v1?token=hunter2": "https://api.example/v1?[REDACTED]", "https://api.example#hunter2": "https://api.example?[REDACTED]",
		"hunter2": "[REDACTED]",
	} {
		if got := plugin.URL(text).String(); got != want {
			t.Errorf("%s is shown as %s, want %s", text, got, want)
		}
	}
	s := server{"https://u:hunter2@api.example/v1"}
	written, err := json.Marshal(s)
	if shown := fmt.Sprintf("%s %v %#v %s", s.BaseURL, s, s, written); err != nil || strings.Contains(shown, "hunter2") || !strings.Contains(shown, "[REDACTED]@api.example/v1") {
		t.Errorf("shown as %s, %v", shown, err)
	}
	for _, verb := range []string{"%d", "%x", "%#v"} {
		if got := fmt.Sprintf(verb, s.BaseURL); got != "https://[REDACTED]@api.example/v1" {
			t.Errorf("%s shows %s", verb, got)
		}
	}
	if got := fmt.Sprint(plugin.URL("%zz:hunter2")); got != "[REDACTED]" {
		t.Errorf("what is no URL is shown as %s", got)
	}
}
