package modules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

func TestParse(t *testing.T) {
	got := parse(`// the shop
module "example.test/shop" // it is

go 1.26.8
require(
	example.test/a v1.0.0

	"example.test/b" v1.1.0 // indirect
)
require example.test/c v1.2.0
replace (
	example.test/a => ../a
	example.test/b v1.1.0 => example.test/fork v0.1.0
)
exclude (
	example.test/d v1.0.0
)
use ./work
`)
	want := modFile{
		module: "example.test/shop", language: "1.26.8",
		requires: []requirement{{"example.test/a", "v1.0.0"}, {"example.test/b", "v1.1.0"}, {"example.test/c", "v1.2.0"}},
		replaces: []replacement{
			{path: "example.test/a", with: "../a"},
			{path: "example.test/b", version: "v1.1.0", with: "example.test/fork", withVersion: "v0.1.0"},
		},
		uses: []string{"./work"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(modFile{}, requirement{}, replacement{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestPaths(t *testing.T) {
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
		l, err := Open(write(t, map[string]string{"go.mod": test.text}))
		if test.want == nil {
			if err == nil || !strings.HasSuffix(err.Error(), "go.mod has no module line") {
				t.Errorf("%q: %v, want that there is no module line", test.text, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, l.Paths); diff != "" {
			t.Errorf("%q: -want +got\n%s", test.text, diff)
		}
	}
}

func TestLanguages(t *testing.T) {
	for language, want := range map[string]bool{"": true, "1.16": true, "1.17": false, "1.26.8": false, "2.0": false, "x": true} {
		if got := (&modFile{language: language}).before(1, 17); got != want {
			t.Errorf("go %s is before 1.17: %t, want %t", language, got, want)
		}
	}
}

// write makes files below a new folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	dir := write(t, map[string]string{
		"shop/go.mod": `module example.test/shop
require (
	example.test/Upper v1.0.0
	example.test/absent v1.0.0
	example.test/apart v1.0.0
	example.test/forked v1.0.0
	example.test/local v1.0.0
	example.test/old v1.0.0
	example.test/other v1.0.0
)
replace (
	example.test/local => ../local
	example.test/forked => example.test/fork v0.1.0
	example.test/other v2.0.0 => ../nowhere
	example.test/unused => ../nowhere
)`,
		"local/go.mod":                                          "module example.test/local\nrequire github.com/shopanaio/orchestrator v1.0.0",
		"cache/example.test/!upper@v1.0.0/x":                    "",
		"cache/example.test/fork@v0.1.0/x":                      "",
		"cache/example.test/other@v1.0.0/x":                     "",
		"cache/cache/download/example.test/apart/@v/v1.0.0.mod": "module example.test/apart\ngo 1.20\nrequire example.test/x v1.0.0",
		"cache/cache/download/example.test/old/@v/v1.0.0.mod":   "module example.test/old\nrequire example.test/x v1.0.0",
		"cache/cache/download/example.test/other/@v/v1.0.0.mod": "module example.test/other\ngo 1.20\nrequire example.test/shop v1.0.0",
	})
	t.Setenv("GOMODCACHE", filepath.Join(dir, "cache"))
	t.Setenv("GOWORK", "off")
	l, err := Open(filepath.Join(dir, "shop"))
	if err != nil {
		t.Fatal(err)
	}
	l.Shown = func(file string) string {
		shown, err := filepath.Rel(dir, file)
		if err != nil {
			t.Error(err)
		}
		return filepath.ToSlash(shown)
	}
	for _, test := range []struct {
		path, module, shown string
		apart               bool
	}{
		{"example.test/shop/sub", "example.test/shop", "shop/sub/a.go", false},
		{"example.test/shop", "example.test/shop", "shop/a.go", false},
		{"example.test/local/x", "example.test/local", "local/x/a.go", false},
		{"example.test/forked/x", "example.test/fork@v0.1.0", "cache/example.test/fork@v0.1.0/x/a.go", false},
		{"example.test/Upper", "example.test/Upper@v1.0.0", "cache/example.test/!upper@v1.0.0/a.go", false},
		{"example.test/other", "example.test/other@v1.0.0", "cache/example.test/other@v1.0.0/a.go", false},
		{"example.test/absent", "example.test/absent@v1.0.0", "", false},
		{"example.test/apart", "example.test/apart@v1.0.0", "", true},
		{"example.test/old", "example.test/old@v1.0.0", "", false},
		{"example.test/unused", "", "", false},
		{"fmt", "", "", false},
	} {
		found := l.Find(test.path)
		if got := found.String(); got != test.module || found.Apart != test.apart || shown(found) != test.shown {
			t.Errorf("%s: %s at %q, apart %t; want %s at %q, %t", test.path, got, shown(found), found.Apart, test.module, test.shown, test.apart)
		}
	}
}

// shown is a file of a found package as the user sees it.
func shown(o scan.Outside) string {
	if o.FS == nil {
		return ""
	}
	return o.Shown(filepath.ToSlash(filepath.Join(o.Dir, "a.go")))
}

func TestTheCacheIsWhereGoSaysItIs(t *testing.T) {
	dir := write(t, map[string]string{"go/env": "GOFLAGS=-x\nGOMODCACHE=/from/env/file\n"})
	for _, name := range []string{"GOMODCACHE", "GOPATH", "GOENV"} {
		t.Setenv(name, "")
	}
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "nothing"))
	check := func(want string) {
		t.Helper()
		if got := filepath.ToSlash(cacheDir()); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	check(filepath.ToSlash(dir) + "/go/pkg/mod")
	t.Setenv("GOENV", filepath.Join(dir, "go", "env"))
	check("/from/env/file")
	t.Setenv("GOENV", "off")
	t.Setenv("GOPATH", "/first"+string(filepath.ListSeparator)+"/second")
	check("/first/pkg/mod")
	t.Setenv("GOMODCACHE", "/said")
	check("/said")
}
