package config

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// list is n names that begin with prefix, as a list in one line.
func list(prefix string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "%s%d, ", prefix, i)
	}
	return "[" + strings.TrimSuffix(text.String(), ", ") + "]"
}

// mapping is n keys that begin with prefix, each with a value.
func mapping(prefix, value string, n int) string {
	return strings.ReplaceAll(strings.Trim(list(prefix, n), "[]"), ",", ": "+value+",") + ": " + value
}

// Whatever is wrong how often, it is said soon and in few words. What each text
// holds took minutes when every mistake looked at its whole line.
func TestManyMistakesAreReportedSoon(t *testing.T) {
	const n = 10_000
	for name, text := range map[string]string{
		"bad names in one line":     "orchestrator: {services: " + list("Bad", n) + "}\n",
		"unknown keys in one line":  "{" + mapping("k", "1", n) + "}\n",
		"unknown keys, one a line":  strings.ReplaceAll(mapping("k", "1", n), ", ", "\n") + "\n",
		"keys twice":                "orchestrator: {services: [apps]}\nx-a: {" + mapping("k", "1", n) + ", " + mapping("k", "1", n) + "}\n",
		"remote and here":           "orchestrator: {services: " + list("a", n) + ", remote: " + list("a", n) + "}\n",
		"removed and not there":     "orchestrator: {services: " + list("a", n) + ", variants: {small: {extends: dev, remove: " + list("b", n) + "}}}\n",
		"added twice":               "orchestrator: {services: " + list("a", n) + ", variants: {small: {extends: dev, add: " + list("a", n) + "}}}\n",
		"standalone beside others":  "orchestrator: {services: " + list("a", n) + ", standalone: " + list("a", n) + "}\n",
		"variants that extend none": "orchestrator: {variants: {" + mapping("v", "{extends: nosuch}", n) + "}}\n",
		"services multiply":         "orchestrator: {services: " + list("a", n) + ", variants: {" + mapping("v", "{extends: dev}", n) + "}}\n",
		"a chain of variants":       "orchestrator: {services: " + list("a", n) + ", variants: {v0: {extends: dev}" + chain(n) + "}}\n",
		"one long key":              "{" + strings.Repeat("k", 1<<20) + ": 1}\n",
		"references in one line":    "orchestrator: {log_level: '" + strings.Repeat("${-}", n) + "'}\n",
	} {
		began := time.Now()
		f, problems := ParsePartial("config.yml", []byte(text))
		if len(problems) == 0 {
			_, _, err := f.Settings(variables())
			if problems, _ = err.(Problems); len(problems) == 0 {
				t.Errorf("%s: no problem", name)
				continue
			}
		}
		said := problems.Err().Error()
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
		if len(said) > 100_000 {
			t.Errorf("%s: the text has %d bytes", name, len(said))
		}
	}
}

// chain is n variants, each of which extends the one before.
func chain(n int) string {
	var text strings.Builder
	for i := 1; i < n; i++ {
		fmt.Fprintf(&text, ", v%d: {extends: v%d}", i, i-1)
	}
	return text.String()
}

// A thousand services with two settings each are no large file.
func TestThousandServicesWithSettings(t *testing.T) {
	text := "orchestrator: {services: " + list("service", 1000) + "}\nservices:\n"
	for i := range 1000 {
		text += fmt.Sprintf("  service%d:\n    provider_timeout: 3s   # how long one may take\n    provider_concurrency: 64\n", i)
	}
	f := mustParse(t, text)
	var settings struct {
		ProviderTimeout     time.Duration
		ProviderConcurrency int
	}
	if _, err := f.DecodeService("service999", variables(), &settings); err != nil || settings.ProviderConcurrency != 64 || len(text) <= 64<<10 {
		t.Errorf("%+v of %d bytes, %v", settings, len(text), err)
	}
}

func TestBounds(t *testing.T) {
	for _, test := range []struct{ name, text, code, at string }{
		{"bytes", strings.Repeat("# more\n", MaxSize/7+1), "too-large", "config.yml:149797:1"},
		{"values", "x-a: " + list("a", maxNodes) + "\n", "too-large", "config.yml:1:"},
		{"depth", "x-a:\n  " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n", "too-deep", "config.yml:2:"},
		{"depth by aliases", "x-0: &a0 [1]\n" + aliases(300) + "services: {apps: {deep: *a299}}\n", "alias", "config.yml:"},
	} {
		problems := problemsOf(t, test.text)
		if len(problems) != 1 || problems[0].Code != test.code || !strings.HasPrefix(problems[0].Position().String(), test.at) {
			t.Errorf("%s: %.300v; want %s at %s", test.name, problems, test.code, test.at)
		}
	}
	almost := "x-a: " + strings.Repeat("[", maxDepth-2) + strings.Repeat("]", maxDepth-2) + "\n"
	mustParse(t, almost)
	mustParse(t, "#"+string(bytes.Repeat([]byte("x"), MaxSize-2))+"\n")
}

// aliases are lists that each hold the one before.
func aliases(n int) string {
	var text strings.Builder
	for i := 1; i < n; i++ {
		fmt.Fprintf(&text, "x-%d: &a%d [*a%d]\n", i, i, i-1)
	}
	return text.String()
}
