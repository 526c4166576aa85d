package project

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

func TestModulePaths(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"module example.test/shop\n", []string{"example.test/shop"}},
		{"// the shop\n\nmodule example.test/shop // it is\n\ngo 1.26\n", []string{"example.test/shop"}},
		{"module \"example.test/shop\"\r\n", []string{"example.test/shop"}},
		{"require (\n\texample.test/a v1.0.0\n\n\t\"example.test/b\" v1.0.0 // indirect\n)\nmodule m\nrequire example.test/c v1.0.0\nexclude (\n\texample.test/d v1.0.0\n)\n",
			[]string{"m", "example.test/a", "example.test/b", "example.test/c"}},
		{"module(\n\tm\n)\nrequire(\n\texample.test/a v1.0.0\n)\nrequire ( // why\n\texample.test/b v1.0.0\n)\n", []string{"m", "example.test/a", "example.test/b"}},
		{"go 1.26\nrequire example.test/c v1.0.0\n", nil},
		{"", nil},
		{"module\n", nil},
	} {
		if diff := cmp.Diff(test.want, modulePaths(test.text)); diff != "" {
			t.Errorf("%q: -want +got\n%s", test.text, diff)
		}
	}
}

func TestTransportsOfAnotherModuleAreForGoToFind(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.test/shop\n", "config.yml": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Find(dir, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Transports(); len(got) != len(layout.Transports()) {
		t.Errorf("transports %v, want all", got)
	}
	if p.Module = layout.Module; len(p.Transports()) != 0 {
		t.Errorf("transports %v, want none: the tree has no bus", p.Transports())
	}
	if shown := p.Shown("services/x/x.go"); shown != "services/x/x.go" {
		t.Errorf("shown as %s", shown)
	}
	if p.From = filepath.Join(dir, "services"); p.Shown("services/x/x.go") != "x/x.go" || p.Shown("config.yml") != "../config.yml" {
		t.Errorf("shown from services as %s and %s", p.Shown("services/x/x.go"), p.Shown("config.yml"))
	}
}

// The modules of a workspace are built with, so they count like those of go.mod.
func TestModulesOfAWorkspace(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.work":            "go 1.26\n\nuse(\n\t./shop\n\t\"./loyalty\" // ours, too\n)\nuse ./apart\n",
		"shop/go.mod":        "module example.test/shop\n",
		"shop/config.yml":    "",
		"loyalty/go.mod":     "module example.test/loyalty\n",
		"apart/go.mod":       "module example.test/apart\n",
		"outside/go.mod":     "module example.test/outside\n",
		"outside/config.yml": "",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		from, gowork string
		want         []string
	}{
		{"shop", "", []string{"example.test/shop", "example.test/shop", "example.test/loyalty", "example.test/apart"}},
		{"shop", "off", []string{"example.test/shop"}},
		{"outside", "", []string{"example.test/outside"}},
		{"shop", filepath.Join(dir, "go.work"), []string{"example.test/shop", "example.test/shop", "example.test/loyalty", "example.test/apart"}},
	} {
		t.Setenv("GOWORK", test.gowork)
		p, err := Find(filepath.Join(dir, test.from), "", "")
		if diff := cmp.Diff(test.want, p.Modules); err != nil || diff != "" {
			t.Errorf("%s with GOWORK=%s: %v, -want +got\n%s", test.from, test.gowork, err, diff)
		}
	}
}
