package scan

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// tree makes a scanner of files.
func tree(files map[string]string) *Scanner {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return New(fsys, layout.NewRoot("example.test/shop", ""), nil)
}

// contractOf is a contract package with the text behind its imports.
func contractOf(text string) string {
	return "package yapi\nimport \"" + layout.Bus + "\"\n" + text
}

// kindOf is what the use of Name of the contract of y makes of the user.
func kindOf(t *testing.T, s *Scanner) graph.Kind {
	t.Helper()
	c, err := s.contract(s.home("example.test/shop/services/y/yapi"))
	if err != nil {
		t.Fatal(err)
	}
	found, ok := c.reach(s, "Name")
	switch {
	case !ok:
		return "unknown"
	case found["y"] == "":
		return graph.Types
	}
	return found["y"]
}

func TestContractNamesStandForWhatTheyReach(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       graph.Kind
	}{
		{"an action", `var Name = bus.NewAction[int, int]("y.name")`, graph.Calls},
		{"with options behind", `var Name = bus.NewAction[int, int]("y.name", bus.Shared()).Doc("text").Example(1)`, graph.Calls},
		{"in a group", "var (\n\tA = 1\n\tName = bus.NewAction[int, int](\"y.name\")\n)", graph.Calls},
		{"one of two", `var A, Name = 1, bus.NewAction[int, int]("y.name")`, graph.Calls},
		{"the other of two", `var Name, B = 1, bus.NewAction[int, int]("y.name")`, graph.Types},
		{"from one call", `var A, Name = make(); func make() (int, any) { return 1, bus.NewAction[int, int]("y.name") }`, graph.Calls},
		{"declared by type", `var Name *bus.Action[int, int]`, graph.Calls},
		{"a bound action", `var Name = other.With(1); var other = bus.NewAction[int, int]("y.name")`, graph.Calls},
		{"a helper", `func Name() { other.Call() }; var other = bus.NewAction[int, int]("y.name")`, graph.Calls},
		{"a client", `type Name struct{}; func (n *Name) Do() { other.Call() }; var other = bus.NewAction[int, int]("y.name")`, graph.Calls},
		{"a generic client", `type Name[T any] struct{}; func (n *Name[T]) Do() { other.Call() }; var other = bus.NewAction[int, int]("y.name")`, graph.Calls},
		{"an event", `var Name = bus.NewEvent[int]("y.name")`, graph.Listens},
		{"a durable event", `var Name = bus.NewDurableEvent[int]("y.name")`, graph.Listens},
		{"both", `var Name = []any{bus.NewEvent[int]("y.a"), bus.NewAction[int, int]("y.b")}`, graph.Calls},
		{"an error", `var Name = bus.NewError(bus.NotFound, "y.none")`, graph.Types},
		{"a type", `type Name struct{ Action string }`, graph.Types},
		{"a constant", `const Name = "NewAction"`, graph.Types},
		{"what cannot be told", `var Name = local.NewAction()`, graph.Calls},
		{"a circle of names", `var Name = f(); func f() int { return g() }; func g() int { return f() }`, graph.Types},
		{"a function without body", `func Name()`, graph.Calls},
		{"nothing", ``, "unknown"},
	} {
		s := tree(map[string]string{"services/y/yapi/y.go": contractOf(test.text)})
		if got := kindOf(t, s); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestContractKnowsBusByAnyName(t *testing.T) {
	for _, spec := range []string{`b "` + layout.Bus + `"`, `. "` + layout.Bus + `"`} {
		use := strings.TrimPrefix(strings.Fields(spec)[0]+".", "..")
		text := "package yapi\nimport " + spec + "\nvar Name = " + use + `NewAction[int, int]("y.name")`
		s := tree(map[string]string{"services/y/yapi/y.go": text})
		if got := kindOf(t, s); got != graph.Calls {
			t.Errorf("import %s: %s, want calls", spec, got)
		}
	}
}

func TestPluginDomains(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
		problems   int
	}{
		{"written out", `var Plugin = plugin.Plugin{Manifest: plugin.Manifest{Domains: []plugin.Domain{plugin.Payments, plugin.Delivery}}}`, []string{"delivery", "payments"}, 0},
		{"as texts", `var Plugin = plugin.Plugin{Manifest: plugin.Manifest{Domains: []plugin.Domain{"payments", plugin.Domain("delivery")}}}`, []string{"delivery", "payments"}, 0},
		{"by pointer and call", `var Plugin = plugin.New(&plugin.Manifest{Domains: []plugin.Domain{plugin.Payments}}, open)`, []string{"payments"}, 0},
		{"in a variable", `var Plugin = plugin.Plugin{Manifest: (manifest)}; var manifest = plugin.Manifest{Domains: domains}; var domains = []plugin.Domain{plugin.Payments}`, []string{"payments"}, 0},
		{"twice the same", `var Plugin = plugin.Plugin{Domains: []plugin.Domain{plugin.Payments, "payments"}}`, []string{"payments"}, 0},
		{"none", `var Plugin = plugin.Plugin{Domains: []plugin.Domain{}}`, nil, 0},
		{"computed", `var Plugin = plugin.Plugin{Domains: all()}`, nil, 1},
		{"one computed", `var Plugin = plugin.Plugin{Domains: []plugin.Domain{plugin.Payments, next()}}`, []string{"payments"}, 1},
		{"in a circle", `var Plugin = plugin.Plugin{Domains: a}; var a = b; var b = a`, nil, 1},
		{"no literal", `var Plugin plugin.Plugin`, nil, 1},
		{"left out", `var Plugin = plugin.Plugin{Manifest: plugin.Manifest{Code: "p"}}`, nil, 1},
	} {
		s := tree(map[string]string{"plugins/p/plugin.go": "package p\n" + test.text})
		plugins, err := s.Plugins()
		if err != nil || len(plugins) != 1 || !plugins[0].Found {
			t.Fatalf("%s: %v, %v; want one plugin", test.name, plugins, err)
		}
		if diff := cmp.Diff(test.want, plugins[0].Domains); diff != "" || len(plugins[0].Problems) != test.problems {
			t.Errorf("%s: %d problems, want %d; domains -want +got\n%s", test.name, len(plugins[0].Problems), test.problems, diff)
		}
	}
}

func TestServicesAreFoundByTheirShape(t *testing.T) {
	s := tree(map[string]string{
		"services/a/module.go":          "package a\nvar Module = 1",
		"services/a/aapi/actions.go":    "package aapi",
		"services/b/a.go":               "package bee\nfunc {",
		"services/b/b.go":               "package bee\nvar X, Module = 1, 2",
		"services/c/c.go":               "package c\nfunc Module() {}",
		"services/d/d.go":               "package d\nfunc f() { var Module int }",
		"services/e/e_test.go":          "package e\nvar Module = 1",
		"services/f/f.go":               "//go:build ignore\n\npackage f\nvar Module = 1",
		"services/g/broken.go":          "package g\nvar Module = 1\nfunc {",
		"services/h/broken.go":          "package h\n// Module may be behind this.\nfunc {",
		"services/testdata/module.go":   "package testdata\nvar Module = 1",
		"services/_old/module.go":       "package old\nvar Module = 1",
		"services/.hidden/module.go":    "package hidden\nvar Module = 1",
		"services/README.md":            "no folder",
		"services/i-j/internal/deep.go": "package deep\nvar Module = 1",
	})
	found, err := s.Services()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, service := range found {
		got[service.Name] = service.Package
		if service.Module != slices.Contains([]string{"a", "b", "g"}, service.Name) || service.Contract != (service.Name == "a") {
			t.Errorf("%s: module %t, contract %t", service.Name, service.Module, service.Contract)
		}
		if broken := len(service.Broken); (broken == 1) != slices.Contains([]string{"g", "h"}, service.Name) {
			t.Errorf("%s: %d broken files", service.Name, broken)
		}
	}
	want := map[string]string{"a": "a", "b": "bee", "c": "", "d": "", "e": "", "f": "", "g": "g", "h": "", "i-j": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folders and packages, -want +got\n%s", diff)
	}
}

// uses scans service x, whose file has the text.
func uses(t *testing.T, text string) Uses {
	t.Helper()
	s := tree(map[string]string{
		"services/x/x.go":      text,
		"services/y/yapi/y.go": contractOf(`var Do = bus.NewAction[int, int]("y.do"); var Done = bus.NewEvent[int]("y.done"); type Name string`),
	})
	found, err := s.Uses([]string{"x"})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWitnessIsWhereTheFileSays(t *testing.T) {
	const spec = `import "example.test/shop/services/y/yapi"`
	for _, test := range []struct{ name, text, want string }{
		{"plain", "package x\n" + spec + "\nvar _ = yapi.Do", "services/x/x.go:3:9"},
		{"behind a byte order mark", "\ufeffpackage x\n" + spec + "\nvar _ = yapi.Do", "services/x/x.go:3:9"},
		{"with the line ends of Windows", "package x\r\n" + spec + "\r\nvar _ = yapi.Do\r\n", "services/x/x.go:3:9"},
		{"whatever a line comment says", "package x\n//line other.go:100\n" + spec + "\nvar _ = yapi.Do", "services/x/x.go:4:9"},
		{"in bytes", "package x\n" + spec + "\nvar _, é = 1, yapi.Do", "services/x/x.go:3:16"},
	} {
		found := uses(t, test.text)
		if len(found.Edges) != 1 || found.Edges[0].Kind != graph.Calls || found.Edges[0].Witness.String() != test.want {
			t.Errorf("%s: %v, want a call at %s", test.name, found.Edges, test.want)
		}
	}
	found := uses(t, "package x\n"+spec+"\n//line y.go:7\nvar _ = yapi.Do(\n")
	if len(found.Problems) != 1 || found.Problems[0].Path != "services/x/x.go" || found.Problems[0].Line != 5 {
		t.Errorf("a syntax error is reported as %v, want services/x/x.go:5", found.Problems)
	}
	if found := uses(t, "package x\n\tvar é, ü = 1, )"); len(found.Problems) != 0 {
		t.Errorf("%v; a file without contracts may be broken behind its imports", found.Problems)
	}
}

func TestExcerptCountsCharacters(t *testing.T) {
	found := uses(t, "package x\nimport \"example.test/shop/services/y/yapi\"\nvar _, é = 1, yapi.Do")
	want := "    3 | var _, é = 1, yapi.Do\n      |               ^^^^^^^"
	if len(found.Edges) != 1 || found.Edges[0].Excerpt != want {
		t.Errorf("excerpt\n%s\nwant\n%s", found.Edges[0].Excerpt, want)
	}
}

func TestStrongerEdgesHideWeakerOnes(t *testing.T) {
	const spec = `import "example.test/shop/services/y/yapi"`
	for _, test := range []struct {
		text string
		want []graph.Kind
	}{
		{spec + "\nvar _ yapi.Name\nvar _ = yapi.Do\nvar _ = yapi.Done", []graph.Kind{graph.Calls, graph.Listens}},
		{spec + "\nvar _ yapi.Name", []graph.Kind{graph.Types}},
		{strings.Replace(spec, `"`, `_ "`, 1), []graph.Kind{graph.Types}},
		{spec + " //orchestrator:optional why\nvar _ = yapi.Do\nvar _ = yapi.Done", []graph.Kind{graph.Optional, graph.Listens}},
		{spec + " //orchestrator:types why\nvar _ = yapi.Do\nvar _ = yapi.Done", []graph.Kind{graph.Types}},
		{"import (\n\"example.test/shop/services/y/yapi\" //orchestrator:optional why\nb \"example.test/shop/services/y/yapi\"\n)\nvar _ = []any{yapi.Do, b.Do}", []graph.Kind{graph.Calls}},
	} {
		found := uses(t, "package x\n"+test.text)
		var kinds []graph.Kind
		for _, e := range graph.New(found.Edges).Edges() {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff(test.want, kinds); diff != "" || len(found.Problems) > 0 {
			t.Errorf("%s\nproblems %v, -want +got\n%s", test.text, found.Problems, diff)
		}
	}
}

// failing is a disk that cannot be read.
type failing struct{ fstest.MapFS }

func (f failing) ReadFile(string) ([]byte, error) { return nil, fs.ErrPermission }

func TestDiskErrorsAreReturned(t *testing.T) {
	fsys := failing{fstest.MapFS{"services/x/x.go": {}, "plugins/p/p.go": {}}}
	s := New(fsys, layout.NewRoot("example.test/shop", ""), nil)
	if _, err := s.Services(); err == nil || !strings.Contains(err.Error(), "read the source tree") {
		t.Errorf("services: %v, want the disk's error", err)
	}
	if _, err := s.Plugins(); err == nil {
		t.Error("plugins: no error, want the disk's")
	}
	if _, err := s.Uses([]string{"x"}); err == nil {
		t.Error("uses: no error, want the disk's")
	}
}
