package config

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// variables makes an environment from NAME=value pairs.
func variables(pairs ...string) func(string) (string, bool) {
	values := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

func mustParse(t testing.TB, text string) *File {
	t.Helper()
	f, err := Parse("config.yml", []byte(text))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return f
}

// problemsOf parses what must be refused.
func problemsOf(t testing.TB, text string) Problems {
	t.Helper()
	_, err := Parse("config.yml", []byte(text))
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		t.Fatalf("Parse gave %v, want Problems", err)
	}
	return problems
}

// The original's committed file loads; each setting that has no reader
// here warns at most once per service, and names the replacement.
func TestOriginalLoads(t *testing.T) {
	f, err := Load("testdata/original.yml")
	if err != nil {
		t.Fatal(err)
	}
	variants, err := f.Variants()
	if err != nil || len(variants) != 1 || variants[0].Name != "dev" || len(variants[0].Services) != 5 {
		t.Fatalf("variants: %v, %v", variants, err)
	}
	settings, warnings, err := f.Settings(variables())
	if err != nil {
		t.Fatal(err)
	}
	if settings.Transporter.String() != "nats://127.0.0.1:4222" || settings.MetricsPort != 3030 || settings.LogLevel != slog.LevelInfo {
		t.Errorf("settings: %+v", settings)
	}
	for _, service := range variants[0].Services {
		found, err := f.DecodeService(service.Value, variables(), &struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		warnings = append(warnings, found...)
	}
	var got []string
	for _, w := range Collapse(warnings) {
		got = append(got, w.String())
	}
	want := []string{
		"testdata/original.yml:13:3: orchestrator.environment is not read: set NODE_ENV",
		"testdata/original.yml:38:9: services.apps.port, services.payments.port, services.inventory.port, services.pricing.port, services.delivery.port are not read: " +
			"services have no port of their own, and orchestrator.metrics_port (METRICS_PORT) sets the admin server's",
		"testdata/original.yml:18:5: services.apps.database_url is not read by this version, which keeps its data in memory: remove it",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNothingToReadGivesDefaults(t *testing.T) {
	for _, text := range []string{"", "# only a comment\n", "---\n", "null\n", "orchestrator:\nservices:\nenvironments:\n", "x-mine: {a: 1}\n"} {
		f := mustParse(t, text)
		variants, err := f.Variants()
		if err != nil || len(variants) != 0 {
			t.Errorf("%q: variants %v, %v", text, variants, err)
		}
		settings, warnings, err := f.Settings(variables())
		want, _, _ := Default().Settings(variables())
		if err != nil || len(warnings) != 0 || !cmp.Equal(settings, want) {
			t.Errorf("%q: %+v, %v, %v", text, settings, warnings, err)
		}
	}
}

func TestXKeysAreIgnoredEverywhere(t *testing.T) {
	f := mustParse(t, `
x-top: &top {retries: 3}
orchestrator:
  x-a: 1
  services: [apps]
  variants: {x-b: [], small: {services: [apps], x-c: {}}}
  external: {x-d: 1}
services:
  x-e: 1
  apps: {<<: *top, x-f: 2}
environments:
  x-g: 1
  production: {x-h: 1, services: {x-i: 1}}
`)
	var apps struct{ Retries int }
	if _, err := f.DecodeService("apps", variables(), &apps); err != nil || apps.Retries != 3 {
		t.Errorf("apps %+v, %v", apps, err)
	}
	if names := f.Services(); len(names) != 1 || names[0].Value != "apps" || names[0].Pos.String() != "config.yml:10:3" {
		t.Errorf("services: %v", names)
	}
}

func TestSizeLimit(t *testing.T) {
	text := "services: {}\n#" + strings.Repeat("x", MaxSize-14)
	mustParse(t, text)
	problems := problemsOf(t, text+"x")
	if len(problems) != 1 || problems[0].Code != "too-large" {
		t.Errorf("problems: %v", problems)
	}
}

func TestLoadNamesTheMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent.yml")
	if _, err := Load(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("Load: %v", err)
	}
}

// Proves: C10 (the search; the root directory is part of it).
func TestFindGoesUpToTheRoot(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "services", "apps")
	if err := os.MkdirAll(filepath.Join(root, "services", FileName), 0o755); err != nil { // a folder is no file
		t.Fatal(err)
	}
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	path, searched, err := Find(deep)
	// A file above the temporary directory is nothing that the test can help.
	if err != nil || strings.HasPrefix(path, root) || searched[0] != deep || path == "" && !isRoot(searched[len(searched)-1]) {
		t.Errorf("without a file: %q, %v, %v", path, searched, err)
	}
	want := filepath.Join(root, FileName)
	if err := os.WriteFile(want, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	path, searched, err = Find(deep)
	if err != nil || path != want || !cmp.Equal(searched, []string{deep, filepath.Dir(deep), root}) {
		t.Errorf("with a file: %q, %v, %v", path, searched, err)
	}
}

func TestParsePartialGivesWhatCouldBeRead(t *testing.T) {
	f, problems := ParsePartial("config.yml", []byte("orchestrator:\n  services: [apps, apps, pricing]\n"))
	if len(problems) != 1 || problems[0].Code != "duplicate-name" {
		t.Errorf("problems %v, want one duplicate", problems)
	}
	variants, err := f.Variants()
	if err != nil || len(variants) != 1 || len(variants[0].Services) != 2 {
		t.Errorf("variants %v, %v; want dev with two services", variants, err)
	}
	if f, problems := ParsePartial("config.yml", []byte("orchestrator: [")); f != nil || len(problems) == 0 {
		t.Errorf("no YAML gave %v, %v; want no file and problems", f, problems)
	}
}

func isRoot(dir string) bool { return filepath.Dir(dir) == dir }
