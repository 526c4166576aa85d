package config

import (
	"bytes"
	"fmt"
	"runtime"
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

// Whatever is wrong how often, the work grows like the file, and few words are said.
// A mistake that looks at its whole line, or compares a name with all others, makes
// it grow like the square, and minutes of a few thousand.
func TestManyMistakesAreReportedInLinearTime(t *testing.T) {
	for name, text := range map[string]func(n int) string{
		"bad names in one line":    func(n int) string { return "orchestrator: {services: " + list("Bad", n) + "}\n" },
		"unknown keys in one line": func(n int) string { return "{" + mapping("k", "1", n) + "}\n" },
		"unknown keys, one a line": func(n int) string { return strings.ReplaceAll(mapping("k", "1", n), ", ", "\n") + "\n" },
		"keys twice":               func(n int) string { return "x-a: {" + mapping("k", "1", n) + ", " + mapping("k", "1", n) + "}\n" },
		"remote and here": func(n int) string {
			return "orchestrator: {services: " + list("a", n) + ", remote: " + list("a", n) + "}\n"
		},
		"removed and not there": func(n int) string { return changedBy(n, "remove", "b") },
		"added twice":           func(n int) string { return changedBy(n, "add", "a") },
		"standalone beside others": func(n int) string {
			return "orchestrator: {services: " + list("a", n) + ", standalone: " + list("a", n) + "}\n"
		},
		"variants that extend none": func(n int) string {
			return "orchestrator: {variants: {" + mapping("v", "{extends: nosuch}", n) + "}}\n"
		},
		"references in one line": func(n int) string { return "orchestrator: {log_level: '" + strings.Repeat("${-}", n) + "'}\n" },
	} {
		few, _ := reporting(t, text(500))
		many, said := reporting(t, text(4000))
		if many > 16*few {
			t.Errorf("%s: eight times as many take %d KiB instead of %d KiB", name, many>>10, few>>10)
		}
		if len(said) > 100_000 {
			t.Errorf("%s: the text has %d bytes", name, len(said))
		}
	}
}

// reporting reads a file with mistakes, and returns how many bytes of memory it took
// to report them, and the report.
func reporting(t *testing.T, text string) (bytes uint64, said string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, problems := ParsePartial("config.yml", []byte(text))
	err := problems.Err()
	if err == nil {
		_, _, err = f.Settings(variables())
	}
	if err == nil {
		t.Fatalf("no problem in %.100s", text)
	}
	said = err.Error()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, said
}

// A short file cannot make much: variants that extend each other multiply to a
// bound, and a key is not repeated in full.
func TestShortFilesDoNotMultiply(t *testing.T) {
	for name, text := range map[string]string{
		"services multiply":   "orchestrator: {services: " + list("a", 4000) + ", variants: {" + mapping("v", "{extends: dev}", 4000) + "}}\n",
		"a chain of variants": "orchestrator: {services: " + list("a", 4000) + ", variants: {v0: {extends: dev}" + chain(4000) + "}}\n",
		"one long key":        "{" + strings.Repeat("k", 1<<19) + ": 1}\n",
	} {
		if bytes, said := reporting(t, text); bytes > 1<<30 || len(said) > 100_000 {
			t.Errorf("%s: %d MiB, and a text of %d bytes", name, bytes>>20, len(said))
		}
	}
}

// changedBy is a variant that changes the services of dev by n names.
func changedBy(n int, key, prefix string) string {
	return "orchestrator: {services: " + list("a", n) + ", variants: {small: {extends: dev, " + key + ": " + list(prefix, n) + "}}}\n"
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
