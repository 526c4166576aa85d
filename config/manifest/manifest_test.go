package manifest

import (
	"bytes"
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The test binary embeds a manifest, as a variant's binary does.
//
//go:embed testdata/manifest.json
var embedded []byte

func sample() Manifest {
	return Manifest{
		Variant: "dev",
		Services: []Service{
			{Name: "pricing", Import: "example.org/shop/services/pricing", Because: "config.yml names it", Calls: []string{"payments", "apps"}},
			{Name: "apps", Import: "example.org/shop/services/apps", Because: "pricing calls it"},
		},
		Plugins:    []Plugin{{Code: "simple-promo", Import: "example.org/p", Domains: []string{"pricing", "apps"}}, {Code: "catalog", Import: "example.org/c"}},
		Transports: []string{"nats", "memory"},
		Remote:     []string{"payments"},
		Config:     sampleSelection().Digest(),
		Graph:      "sha256:00",
		Selection:  sampleSelection(),
	}
}

func sampleSelection() Selection {
	return Selection{
		Variant: "dev", Services: []string{"pricing", "apps"}, Transports: []string{"nats", "memory"},
		Remote: []string{"payments"}, External: map[string]string{"apps": "example.org/shop/services/apps"},
	}
}

func mustMarshal(t *testing.T, m Manifest) []byte {
	t.Helper()
	data, err := Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The embedded file is what Marshal writes today. Set UPDATE=1 to write it.
func TestMarshalIsStable(t *testing.T) {
	data := mustMarshal(t, sample())
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("testdata/manifest.json", data, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(embedded), string(data)); diff != "" {
		t.Errorf("-file +Marshal:\n%s", diff)
	}
}

func TestMarshalIsDeterministic(t *testing.T) {
	m := sample()
	slices.Reverse(m.Plugins)
	slices.Reverse(m.Transports)
	slices.Reverse(m.Services[0].Calls)
	slices.Reverse(m.Selection.Services)
	before := slices.Clone(m.Transports)
	if !bytes.Equal(mustMarshal(t, m), mustMarshal(t, sample())) {
		t.Error("another order gives other bytes")
	}
	if !slices.Equal(before, m.Transports) {
		t.Error("Marshal changed its argument")
	}
	slices.Reverse(m.Services)
	if bytes.Equal(mustMarshal(t, m), mustMarshal(t, sample())) {
		t.Error("the start order is not kept")
	}
}

func TestParseReadsWhatMarshalWrites(t *testing.T) {
	for _, m := range []Manifest{sample(), {Variant: "empty"}, {Variant: "none", Selection: Selection{Plugins: []string{}}}} {
		data := mustMarshal(t, m)
		got, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(mustMarshal(t, got), data) || got.Format != Format || (got.Selection.Plugins == nil) != (m.Selection.Plugins == nil) {
			t.Errorf("%s came back as %+v", m.Variant, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	good := string(mustMarshal(t, sample()))
	for want, text := range map[string]string{
		"it is empty":                         "",
		"it has no field":                     "{}",
		"format is 2":                         strings.Replace(good, ": 1,", ": 2,", 1),
		"its format is \"1\", not a number":   strings.Replace(good, ": 1,", ": \"1\",", 1),
		"unknown field \"variants\"":          strings.Replace(good, `"variant":`, `"variants":`, 1),
		"more data behind it":                 good + "{}",
		"the variant has no name":             strings.Replace(good, `"variant": "dev"`, `"variant": ""`, 1),
		"the service pricing is listed twice": strings.Replace(good, `"name": "apps"`, `"name": "pricing"`, 1),
		"no name or no import path":           strings.Replace(good, `"name": "apps"`, `"name": ""`, 1),
		"unexpected EOF":                      good[:len(good)/2],
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "read manifest: ") {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	for _, m := range []Manifest{{}, {Variant: "dev", Format: 7}} {
		if _, err := Marshal(m); err == nil {
			t.Errorf("wrote %+v", m)
		}
	}
}

func TestFromBinaryReadsThisTestBinary(t *testing.T) {
	if len(embedded) == 0 {
		t.Fatal("nothing is embedded")
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got, err := FromBinary(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(embedded), string(mustMarshal(t, got))); diff != "" {
		t.Errorf("-embedded +read:\n%s", diff)
	}
}

func TestFromBinaryRefuses(t *testing.T) {
	data := mustMarshal(t, sample())
	file := filepath.Join(t.TempDir(), "binary")
	read := func(content []byte) error {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := FromBinary(file)
		return err
	}
	noise := []byte("\x7fELF\x00{{\"")
	crlf := bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
	for _, content := range [][]byte{data, slices.Concat(noise, data, noise), slices.Concat(noise, crlf, noise)} {
		if err := read(content); err != nil {
			t.Error(err)
		}
	}
	for _, content := range [][]byte{nil, noise, bytes.TrimPrefix(data, []byte("{"))} {
		if err := read(content); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	if err := read(slices.Concat(data, noise, data)); err == nil || !strings.Contains(err.Error(), "2 manifests inside") {
		t.Errorf("got %v", err)
	}
	if err := read(data[:len(data)-9]); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := FromBinary(file + ".absent"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestDiff(t *testing.T) {
	if lines := Diff(sample(), sampleSelection()); lines != nil {
		t.Errorf("no difference gives %q", lines)
	}
	for _, c := range []struct {
		name   string
		change func(m *Manifest, s *Selection)
		want   []string
	}{
		{"services", func(_ *Manifest, s *Selection) { s.Services = []string{"pricing", "payments", "orders"} }, []string{
			"orders is in config.yml but not in this binary", "payments is in config.yml but not in this binary", "apps is in this binary but not in config.yml",
		}},
		{"variant", func(_ *Manifest, s *Selection) { s.Variant = "edge" }, []string{"this binary is the variant dev, not edge"}},
		{"plugins now listed", func(_ *Manifest, s *Selection) { s.Plugins = []string{"catalog"} }, []string{
			"config.yml lists its plugins (catalog); this binary was generated with the default",
		}},
		{"plugins no longer listed", func(m *Manifest, _ *Selection) { m.Selection.Plugins = []string{} }, []string{
			"config.yml takes the default plugins; this binary was generated with a list (none)",
		}},
		{"other plugins", func(m *Manifest, s *Selection) {
			m.Selection.Plugins, s.Plugins = []string{"catalog"}, []string{"meest"}
		}, []string{
			"plugin meest is in config.yml but not in this binary", "plugin catalog is in this binary but not in config.yml",
		}},
		{"transports", func(_ *Manifest, s *Selection) { s.Transports = []string{"memory", "embedded"} }, []string{
			"transport embedded is in config.yml but not in this binary", "transport nats is in this binary but not in config.yml",
		}},
		{"remote", func(_ *Manifest, s *Selection) { s.Remote = []string{"orders"}; s.Standalone = true }, []string{
			"orders is remote in config.yml but not in this binary", "payments is remote in this binary but not in config.yml",
			"standalone is true in config.yml and false in this binary",
		}},
		{"external", func(_ *Manifest, s *Selection) { s.External = map[string]string{"apps": "example.org/other"} }, []string{
			"apps is example.org/other in config.yml and example.org/shop/services/apps in this binary",
		}},
		{"external no longer", func(_ *Manifest, s *Selection) { s.External = nil }, []string{
			"the selection in config.yml is not the one this binary was generated from",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, s := sample(), sampleSelection()
			c.change(&m, &s)
			if diff := cmp.Diff(c.want, Diff(m, s)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDigestHasNoOrder(t *testing.T) {
	one, two := sampleSelection(), sampleSelection()
	slices.Reverse(two.Services)
	two.External = map[string]string{"apps": "example.org/shop/services/apps"}
	if one.Digest() != two.Digest() || !strings.HasPrefix(one.Digest(), "sha256:") || len(one.Digest()) != 71 {
		t.Errorf("%s and %s", one.Digest(), two.Digest())
	}
	if (Selection{Plugins: []string{}}).Digest() == (Selection{}).Digest() {
		t.Error("no plugins and the default plugins are the same")
	}
}

// What generates a program anew is not the same command in every module.
func TestMend(t *testing.T) {
	if got := (Manifest{}).Mend(); got != Regenerate {
		t.Errorf("%s, want %s", got, Regenerate)
	}
	m := Manifest{Variant: "dev", Regenerate: "go run example.test/gen"}
	data, err := Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Parse(data); err != nil || again.Mend() != "go run example.test/gen" {
		t.Errorf("%s, %v; want the command that was recorded", again.Mend(), err)
	}
}

func TestPluginsOfOtherModulesDiffer(t *testing.T) {
	asked := func(path string) Selection {
		return Selection{Variant: "dev", ExternalPlugins: map[string]string{"pay": path}}
	}
	m := Manifest{Variant: "dev", Selection: asked("example.test/a"), Config: asked("example.test/a").Digest()}
	if lines := Diff(m, asked("example.test/a")); lines != nil {
		t.Errorf("no difference gives %q", lines)
	}
	want := "pay is example.test/b in config.yml and example.test/a in this binary"
	if lines := Diff(m, asked("example.test/b")); len(lines) != 1 || lines[0] != want {
		t.Errorf("%q, want %s", lines, want)
	}
}
