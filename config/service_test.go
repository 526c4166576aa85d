package config

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type retry struct {
	Limit   uint8
	Backoff time.Duration
}

type base struct{ Region string }

type settings struct {
	base
	Name        string
	DatabaseURL string
	Enabled     bool
	Weight      float64
	Retry       retry
	Again       *retry
	Timeout     time.Duration
	Tags        []string
	Limits      map[string]int
	Slots       map[string]retry
	APIKey      Secret `yaml:"key"`
	Level       slog.Level
	Raw         json.RawMessage
	Free        any
	Ignored     chan int `yaml:"-"`
}

func decodeText(t *testing.T, text string, into any, env ...string) ([]Warning, error) {
	t.Helper()
	return mustParse(t, text).DecodeService("apps", variables(env...), into)
}

func TestDecodeService(t *testing.T) {
	shared := &retry{Limit: 1, Backoff: time.Second}
	got := settings{Name: "kept", Retry: retry{Limit: 3, Backoff: time.Second}, Again: shared, Tags: []string{"default"}, Limits: map[string]int{"default": 1}}
	warnings, err := decodeText(t, `
services:
  apps:
    database_url: postgres://db
    enabled: true
    weight: 2
    retry: {limit: 255}
    again: {backoff: 3s}
    timeout: 1m30s
    tags: [a, "7"]
    limits: {x-a: 1, 2: 2}
    slots: {demo: {limit: 9}}
    key: hunter2
    level: warn
    raw: {b: [1, 2.5, true, null], a: "${X}"}
    free: [1, {a: b}]
`, &got, "X=x")
	if err != nil || len(warnings) > 0 {
		t.Fatalf("%v, %v", warnings, err)
	}
	want := settings{
		Name: "kept", DatabaseURL: "postgres://db", Enabled: true, Weight: 2, Retry: retry{255, time.Second}, Again: &retry{1, 3 * time.Second},
		Timeout: 90 * time.Second, Tags: []string{"a", "7"}, Limits: map[string]int{"x-a": 1, "2": 2}, Slots: map[string]retry{"demo": {Limit: 9}},
		APIKey: "hunter2", Level: slog.LevelWarn, Raw: json.RawMessage(`{"a":"x","b":[1,2.5,true,null]}`),
		Free: []any{int64(1), map[string]any{"a": "b"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(settings{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if shared.Backoff != time.Second {
		t.Error("the default behind a pointer was changed")
	}
}

func TestEmptyValuesLeaveDefaults(t *testing.T) {
	got := settings{Name: "kept", Timeout: time.Second, Retry: retry{Limit: 3}, Again: &retry{}, Tags: []string{"a"}, Free: 1}
	if _, err := decodeText(t, "services: {apps: {name: , timeout: ~, retry: null, again: null, tags: null, free: null}}", &got); err != nil {
		t.Fatal(err)
	}
	if want := (settings{Name: "kept", Timeout: time.Second, Retry: retry{Limit: 3}}); !cmp.Equal(got, want, cmp.AllowUnexported(settings{})) {
		t.Errorf("got %+v", got)
	}
}

// Proves: C20 (settings of a service, all at once, with positions).
func TestDecodeServiceRefuses(t *testing.T) {
	_, err := decodeText(t, `services:
  apps:
    nam: x
    name: 5
    enabled: yes
    weight: heavy
    retry: {limit: 256, backof: 1s}
    again: [1]
    timeout: 3
    tags: a
    limits: {a: 010}
    slots: {demo: {limit: -1}}
    key: 12345
    level: loud
    raw: {a: .nan}
    database_url: ${A}-${B:-b}-${C}
    free: ${9}
`, &settings{})
	if err == nil {
		t.Fatal("accepted")
	}
	compareGolden(t, "testdata/service.txt", err.Error()+"\n")
}

// Proves: C17.
func TestServiceReferences(t *testing.T) {
	const text = "services: {apps: {database_url: '${URL}', enabled: '${ON}', retry: {limit: '${LIMIT:-7}'}, name: '$${kept} ${EMPTY:-full} ${BLANK}'}}"
	var got settings
	if _, err := decodeText(t, text, &got, "URL=postgres://db", "ON=true", "EMPTY=", "BLANK="); err != nil {
		t.Fatal(err)
	}
	if got.DatabaseURL != "postgres://db" || !got.Enabled || got.Retry.Limit != 7 || got.Name != "${kept} full " {
		t.Errorf("got %+v", got)
	}
	_, err := decodeText(t, text, &got, "ON=hunter2")
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 3 || strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("got %v", err)
	}
	if p := problems[0]; p.Code != "unset-variable" || !strings.Contains(p.Message, "services.apps.database_url") || !strings.Contains(p.Message, "URL") || p.Line != 1 {
		t.Errorf("got %v", p)
	}
}

// Proves: C18.
func TestEnvironmentsAreMerged(t *testing.T) {
	const text = `
services:
  apps: {name: base, retry: {limit: 1, backoff: 1s}, tags: [a, b]}
environments:
  production: {services: {apps: {retry: {limit: 2}, tags: [c]}, pricing: {name: only here}}}
`
	var dev, prod, pricing settings
	if _, err := decodeText(t, text, &dev); err != nil {
		t.Fatal(err)
	}
	if _, err := decodeText(t, text, &prod, "NODE_ENV=production"); err != nil {
		t.Fatal(err)
	}
	if dev.Retry.Limit != 1 || prod.Retry != (retry{2, time.Second}) || prod.Name != "base" || !cmp.Equal(prod.Tags, []string{"c"}) {
		t.Errorf("development %+v\nproduction %+v", dev, prod)
	}
	if _, err := mustParse(t, text).DecodeService("pricing", variables("NODE_ENV=production"), &pricing); err != nil || pricing.Name != "only here" {
		t.Errorf("pricing %+v, %v", pricing, err)
	}
	if _, err := decodeText(t, text, &prod, "NODE_ENV=prod"); err == nil || !strings.Contains(err.Error(), "NODE_ENV") {
		t.Errorf("NODE_ENV=prod gave %v", err)
	}
}

// Proves: C19 (a global PORT reaches no service).
func TestRetiredKeysWarnUnlessTheServiceReadsThem(t *testing.T) {
	const text = "services:\n  apps: {port: 1, database_url: x}\n"
	warnings, err := decodeText(t, text, &struct{}{}, "PORT=5")
	if err != nil || len(warnings) != 2 || warnings[0].Position.String() != "config.yml:2:10" {
		t.Errorf("%v, %v", warnings, err)
	}
	var reads struct{ Port int }
	if warnings, err = decodeText(t, text, &reads, "PORT=5"); err != nil || len(warnings) != 1 || reads.Port != 1 {
		t.Errorf("%+v, %v, %v", reads, warnings, err)
	}
}

type checked struct {
	Low, High int
	Retry     retry
}

func (c *checked) Validate() error {
	var mistakes []error
	if c.Low > c.High {
		mistakes = append(mistakes, errors.New("low must not be above high"))
	}
	if c.Retry.Limit > 9 {
		mistakes = append(mistakes, errors.New("retry.limit must be at most 9"))
	}
	return errors.Join(mistakes...)
}

func TestValidateIsCalled(t *testing.T) {
	_, err := decodeText(t, "services:\n  apps: {low: 5}\n", &checked{High: 3})
	if want := "config.yml:2:15: services.apps: low must not be above high"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	_, err = decodeText(t, "services:\n  apps: {retry: {limit: 10}}\n", &checked{Low: 1})
	problems, _ := errors.AsType[Problems](err)
	if len(problems) != 2 || problems[0].Position().String() != "config.yml:2:3" || problems[1].Position().String() != "config.yml:2:25" {
		t.Errorf("got %v", err)
	}
	if _, err := Default().DecodeService("apps", variables(), &checked{Low: 1}); err == nil || err.Error() != "services.apps: low must not be above high" {
		t.Errorf("without a file: %v", err)
	}
	if _, err := Default().DecodeService("apps", variables(), &checked{}); err != nil {
		t.Errorf("the defaults: %v", err)
	}
}

type keyed struct{ Key Secret }

func (k keyed) Validate() error {
	if len(k.Key) < 9 {
		return errors.New("key must have at least 9 characters")
	}
	return nil
}

func TestExcerptsShowNoSecret(t *testing.T) {
	for _, text := range []string{"{key: hunter2}", "{kye: 1, key: hunter2}", "{key: [hunter2]}", "{key: 1e7, other: 1}", "{key: {a: hunter2}}"} {
		_, err := decodeText(t, "services: {apps: "+text+"}", &keyed{})
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "1e7") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestMistakesOfTheProgramAreNoProblems(t *testing.T) {
	for _, into := range []any{nil, settings{}, (*settings)(nil), new(int), &struct{ Apps chan int }{}, &struct{ Apps error }{}, &struct{ Apps map[int]int }{}} {
		_, err := decodeText(t, "services: {apps: {apps: {a: 1}}}", into)
		var problems Problems
		if err == nil || errors.As(err, &problems) {
			t.Errorf("%T: %v", into, err)
		}
	}
}

// The section of a transport is decoded like that of a service.
func TestDecodeTransport(t *testing.T) {
	type settings struct {
		FailFast bool          `yaml:"fail_fast"`
		Token    Secret        `yaml:"token"`
		Wait     time.Duration `yaml:"wait"`
	}
	f, err := Parse("config.yml", []byte("orchestrator:\n  nats: {fail_fast: true, token: \"${TOKEN}\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := settings{Wait: time.Second}
	env := func(name string) (string, bool) { return "s3cret", name == "TOKEN" }
	if _, err := f.DecodeTransport("nats", env, &got); err != nil || got != (settings{true, "s3cret", time.Second}) {
		t.Errorf("%#v, %v", got, err)
	}
	if _, err := f.DecodeTransport("embedded", env, &got); err != nil {
		t.Errorf("a section that is not there: %v", err)
	}
	f, err = Parse("config.yml", []byte("orchestrator:\n  nats: {fail_fest: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.DecodeTransport("nats", env, &got)
	if err == nil || !strings.Contains(err.Error(), `config.yml:2:10: unknown key "fail_fest" in orchestrator.nats`) || !strings.Contains(err.Error(), `"fail_fast"`) {
		t.Errorf("a misspelt key: %v", err)
	}
	if _, err := Parse("config.yml", []byte("orchestrator:\n  nats: yes\n")); err == nil || !strings.Contains(err.Error(), "orchestrator.nats must be a mapping") {
		t.Errorf("no mapping: %v", err)
	}
}
