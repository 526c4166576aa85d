package project

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

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
	if p.Root.Module = layout.Module; len(p.Transports()) != 0 {
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
		if diff := cmp.Diff(test.want, p.Library.Paths); err != nil || diff != "" {
			t.Errorf("%s with GOWORK=%s: %v, -want +got\n%s", test.from, test.gowork, err, diff)
		}
		const other = "example.test/loyalty"
		if want := slices.Contains(test.want, other); (p.Library.Find(other).Module != "") != want {
			t.Errorf("%s with GOWORK=%s: the source of %s is looked for: %t, want %t", test.from, test.gowork, other, !want, want)
		}
	}
}
