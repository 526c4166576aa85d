package main

import (
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/project"
	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
)

// shop is the tree of testdata/shop.txtar.
func shop(t testing.TB) fs.FS {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

// generate is the whole generator without disk and command line.
func generate(fsys fs.FS, text string) ([]render.File, error) {
	loaded, err := project.Load(project.Source{
		FS: fsys, Root: layout.NewRoot(layout.Module, ""), Transports: layout.Transports(), Modules: []string{layout.Module},
		Config: []byte(text), ConfigName: "config.yml",
	}, project.Selected)
	if err != nil {
		return nil, err
	}
	return loaded.Files()
}

// byPath returns what a file has.
func byPath(t testing.TB, files []render.File, name string) []byte {
	t.Helper()
	at := slices.IndexFunc(files, func(f render.File) bool { return f.Path == name })
	if at < 0 {
		t.Fatalf("no file %s", name)
	}
	return files[at].Data
}

// Proves: C2 (the generator's part). Each of the 31 subsets of the five services
// is generated with exactly these services, or refused with who needs whom.
func TestEverySubsetIsGeneratedOrRefused(t *testing.T) {
	tree := shop(t)
	all := []string{"apps", "payments", "inventory", "delivery", "pricing"}
	generated := 0
	for set := 1; set < 1<<len(all); set++ {
		var names []string
		for i, name := range all {
			if set&(1<<i) != 0 {
				names = append(names, name)
			}
		}
		files, err := generate(tree, "orchestrator: {services: ["+strings.Join(names, ", ")+"]}")
		if slices.Contains(names, "apps") {
			generated++
			checkServices(t, files, err, names)
			continue
		}
		var problems config.Problems
		if !errors.As(err, &problems) || len(problems) != len(names) {
			t.Errorf("%v: %v; want one problem for each service", names, err)
			continue
		}
		for i, name := range names {
			want := fmt.Sprintf("variant dev: %s needs apps, which is not in it", name)
			if problems[i].Code != "missing-dependency" || problems[i].Message != want || problems[i].Line != 1 {
				t.Errorf("%v: %v; want %s", names, problems[i], want)
			}
		}
	}
	if generated != 16 {
		t.Errorf("%d subsets were generated, want the 16 that have apps", generated)
	}
}

// checkServices wants a manifest with these services.
func checkServices(t *testing.T, files []render.File, err error, names []string) {
	t.Helper()
	if err != nil {
		t.Errorf("%v: %v", names, err)
		return
	}
	m, err := manifest.Parse(byPath(t, files, "orchestrator/cmd/dev/manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if diff := cmp.Diff(names, m.ServiceNames()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if m.Services[0].Name != "apps" {
		t.Errorf("%v starts %s first, want apps, which the others call", names, m.Services[0].Name)
	}
}

// The order of names in config.yml decides nothing.
func TestOrderOfListsChangesNothing(t *testing.T) {
	tree := shop(t)
	text := func(services, plugins, transports []string) string {
		return fmt.Sprintf("orchestrator:\n  services: [%s]\n  plugins: [%s]\n  transports: [%s]\n",
			strings.Join(services, ", "), strings.Join(plugins, ", "), strings.Join(transports, ", "))
	}
	services := []string{"apps", "payments", "inventory", "delivery", "pricing"}
	plugins, transports := []string{"bank-transfer", "catalog", "simple-promo"}, []string{"memory", "nats", "embedded"}
	want, err := generate(tree, text(services, plugins, transports))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		got, err := generate(tree, text(rapid.Permutation(services).Draw(rt, "services"),
			rapid.Permutation(plugins).Draw(rt, "plugins"), rapid.Permutation(transports).Draw(rt, "transports")))
		if err != nil || !reflect.DeepEqual(want, got) {
			rt.Fatalf("%v, -want +got\n%s", err, cmp.Diff(want, got))
		}
	})
}

// Names that do not exist are reported in few words, however many they are, and the
// work grows like the file: what took minutes when each looked at its whole line.
func TestManyUnknownNamesAreReportedInLinearTime(t *testing.T) {
	tree := shop(t)
	names := func(prefix string, n int) string {
		var list strings.Builder
		for i := range n {
			fmt.Fprintf(&list, "%s%d, ", prefix, i)
		}
		return strings.TrimSuffix(list.String(), ", ")
	}
	reporting := func(text string) (bytes uint64, said string) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := generate(tree, text)
		if err == nil {
			t.Fatalf("no problem in %.100s", text)
		}
		said = err.Error()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc, said
	}
	for name, text := range map[string]string{
		"services": "orchestrator: {services: [NAMES]}",
		"remote":   "orchestrator: {services: [apps], remote: [NAMES]}",
		"plugins":  "orchestrator: {services: [apps], plugins: [NAMES]}",
		"settings": "orchestrator: {services: [apps]}\nservices: {KEYS}",
		"variants": "orchestrator: {services: [pricing], variants: {KEYS}}",
	} {
		file := func(n int) string {
			list := names("app", n)
			value := map[string]string{"settings": ": {}", "variants": ": {extends: dev}"}[name]
			return strings.NewReplacer("NAMES", list, "KEYS", strings.ReplaceAll(list, ",", value+",")+value).Replace(text)
		}
		few, _ := reporting(file(500))
		many, said := reporting(file(4000))
		if many > 16*few || len(said) > 100_000 {
			t.Errorf("%s: eight times as many take %d KiB instead of %d KiB, and a text of %d bytes", name, many>>10, few>>10, len(said))
		}
	}
}

// Whatever config.yml holds, there is no panic, and what is accepted is formatted Go.
func FuzzGenerate(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(archive.Files[1].Data)
	f.Add([]byte("orchestrator: {services: [apps], standalone: [pricing], variants: {a: {extends: dev, add: [payments], remote: [delivery]}}}"))
	f.Add([]byte("orchestrator: {services: [appz, apps, apps], plugins: [nope], transports: [pigeon]}"))
	f.Add([]byte("orchestrator: {external: {loyalty: {import: github.com/acme/loyalty}}, services: [loyalty]}"))
	tree := shop(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		files, err := generate(tree, string(text))
		var problems config.Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatalf("%v is no list of problems", err)
		}
		for _, file := range files {
			if !render.Intact(file.Data) {
				t.Errorf("%s does not have its own digest", file.Path)
			}
			if !strings.HasSuffix(file.Path, ".go") {
				continue
			}
			if formatted, err := format.Source(file.Data); err != nil || string(formatted) != string(file.Data) {
				t.Errorf("%s is not Go as gofmt writes it: %v\n%s", file.Path, err, file.Data)
			}
		}
	})
}
