package plugin_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

type embedded struct {
	Region string `json:"region"`
}

type settings struct {
	embedded
	Name     string           `json:"name"`
	Limit    int              `json:"limit"`
	Rate     float64          `json:"rate"`
	On       bool             `json:"on"`
	Small    uint8            `json:"small"`
	Tags     []string         `json:"tags"`
	Least    *money.Money     `json:"least"`
	Since    time.Time        `json:"since"`
	Depots   []depot          `json:"depots"`
	ByCode   map[string]depot `json:"byCode"`
	Any      any              `json:"any"`
	Key      plugin.Secret    `json:"key"`
	Hidden   string           `json:"-"`
	Untagged string
}

type depot struct {
	City string `json:"city"`
	Open bool   `json:"open"`
}

func (s *settings) Validate() error {
	if s.Limit > 100 {
		return plugin.Invalid(plugin.FieldError{Field: "limit", Rule: "maximum", Message: "must be at most 100"})
	}
	return nil
}

func TestConfigKeepsDefaults(t *testing.T) {
	for _, raw := range []string{"", "{}", " {} ", "null", `{"limit": null}`} {
		s := settings{Name: "n", Limit: 5, Tags: []string{"a"}}
		if err := plugin.NewConfig("demo", json.RawMessage(raw)).Decode(&s); err != nil {
			t.Errorf("%q: %v", raw, err)
		}
		if s.Name != "n" || s.Limit != 5 || !slices.Equal(s.Tags, []string{"a"}) {
			t.Errorf("%q changes the defaults: %+v", raw, s)
		}
	}
}

func TestConfigIsDecoded(t *testing.T) {
	var s settings
	raw := `{"region": "EU", "name": "x", "limit": 7, "rate": 0.5, "on": true, "small": 255, "tags": [], "any": {"free": [1]},
		"least": {"amount": 5, "currency": "USD"}, "since": "2026-01-02T03:04:05Z",
		"depots": [{"city": "Lviv"}], "byCode": {"k": {"city": "Kyiv", "open": true}}, "key": "s3cret", "Untagged": "u"}`
	if err := plugin.NewConfig("demo", json.RawMessage(raw)).Decode(&s); err != nil {
		t.Fatal(err)
	}
	if s.Region != "EU" || s.Limit != 7 || s.Least.Amount != 5 || s.Depots[0].City != "Lviv" || !s.ByCode["k"].Open || s.Key.Reveal() != "s3cret" || s.Untagged != "u" {
		t.Errorf("decoded %+v", s)
	}
}

func TestConfigMistakesHavePathsAndComeTogether(t *testing.T) {
	for raw, want := range map[string][]string{
		`{"limits": 1}`:               {"limits: there is no such field"},
		`{"Limit": 1}`:                {"Limit: there is no such field"},
		`{"Hidden": "x"}`:             {"Hidden: there is no such field"},
		`{"limit": "1"}`:              {`limit: must be a whole number that fits, not "1"`},
		`{"limit": 1.5}`:              {"limit: must be a whole number that fits, not 1.5"},
		`{"small": 256}`:              {"small: must be a whole number that fits, not 256"},
		`{"rate": true}`:              {"rate: must be a number, not true"},
		`{"on": 1}`:                   {"on: must be true or false, not 1"},
		`{"tags": "a"}`:               {`tags: must be a list, not a string`},
		`{"tags": ["a", 5, {}]}`:      {"tags[1]: must be a string, not a number", "tags[2]: must be a string, not an object"},
		`{"depots": [{"citi": "L"}]}`: {"depots[0].citi: there is no such field; the fields are city, open"},
		`{"byCode": {"k": 5}}`:        {"byCode.k: must be an object, not a number"},
		`{"byCode": {"k": {"x": 5}}}`: {"byCode.k.x: there is no such field"},
		`{"byCode": [], "on": "yes"}`: {"byCode: must be an object, not a list", `on: must be true or false, not "yes"`},
		`{"least": {"amount": 5}}`:    {"least: "},
		`{"key": 123456}`:             {"key: must be a string; put it in quotes"},
		`{"since": "yesterday"}`:      {"since: "},
		`[]`:                          {"must be an object, not a list"},
		`{"limit": 101}`:              {"limit: must be at most 100"},
	} {
		var s settings
		err := plugin.NewConfig("demo", json.RawMessage(raw)).Decode(&s)
		var invalid *plugin.InvalidError
		if !errors.As(err, &invalid) || len(invalid.Fields) != len(want) {
			t.Errorf("%s: got %v, want %q", raw, err, want)
			continue
		}
		for _, part := range want {
			if !containsMistake(invalid, part) {
				t.Errorf("%s: got %v, want %q in it", raw, err, part)
			}
		}
	}
}

func containsMistake(invalid *plugin.InvalidError, prefix string) bool {
	for _, field := range invalid.Fields {
		text := (&plugin.InvalidError{Fields: []plugin.FieldError{field}}).Error()
		if len(text) >= len(prefix) && text[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}

func TestConfigThatIsNoJSON(t *testing.T) {
	var s settings
	for _, raw := range []string{"{", "{} {}", "name: x"} {
		if err := plugin.NewConfig("demo", json.RawMessage(raw)).Decode(&s); err == nil {
			t.Errorf("%s passes as configuration", raw)
		}
	}
}

func TestConfigKnowsItsProject(t *testing.T) {
	if got := plugin.NewConfig("demo", nil).Project(); got != "demo" {
		t.Errorf("the project is %q", got)
	}
}

func TestNoMistakesIsNoError(t *testing.T) {
	if err := plugin.Invalid(); err != nil {
		t.Errorf("Invalid() is %v", err)
	}
}
