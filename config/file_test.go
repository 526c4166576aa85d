package config

import (
	"os"
	"strings"
	"testing"
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
	problems, ok := err.(Problems)
	if !ok {
		t.Fatalf("Parse gave %v, want Problems", err)
	}
	return problems
}

func TestSeedSectionIsTheVariantDev(t *testing.T) {
	f := mustParse(t, `
orchestrator:
  mode: orchestrator
  services: [apps, payments, inventory, delivery, pricing]
  standalone: [checkout, orders]
  variants:
    orchestrator-minimal: {services: [apps, pricing], transports: [memory], plugins: [simple-promo]}
    all-in-one: {extends: dev, add: [checkout, orders], allow_standalone: true}
`)
	variants, err := f.Variants()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range variants {
		got = append(got, v.Name+": "+strings.Join(values(v.Services), " ")+" / "+strings.Join(values(v.Transports), " "))
	}
	want := []string{
		"dev: apps payments inventory delivery pricing / memory nats",
		"all-in-one: apps payments inventory delivery pricing checkout orders / memory nats",
		"checkout: checkout / memory nats",
		"orchestrator-minimal: apps pricing / memory",
		"orders: orders / memory nats",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOriginalLoads(t *testing.T) {
	data, err := os.ReadFile("testdata/original.yml")
	if err != nil {
		t.Fatal(err)
	}
	f := mustParse(t, string(data))
	settings, warnings, err := f.Settings(variables())
	if err != nil {
		t.Fatal(err)
	}
	if settings.Transporter.String() != "nats://127.0.0.1:4222" || settings.MetricsPort != 3030 {
		t.Errorf("settings: %+v", settings)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0].String(), "testdata/original.yml") && !strings.Contains(warnings[0].String(), "NODE_ENV") {
		t.Errorf("warnings: %v", warnings)
	}
	var apps struct{}
	warnings, err = f.DecodeService("apps", variables(), &apps)
	if err != nil || len(warnings) != 2 {
		t.Errorf("DecodeService: %v, %v", warnings, err)
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
