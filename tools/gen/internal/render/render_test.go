package render

import (
	"bytes"
	"go/format"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// example is a selection that has some of everything.
func example() (layout.Root, resolve.Selection) {
	root := layout.NewRoot("example.test/shop", "")
	var services []resolve.Service
	for _, name := range []string{"pricing", "apps", "gift-cards"} {
		services = append(services, resolve.Service{Package: layout.Ident(name), Service: manifest.Service{
			Name: name, Import: root.ImportPath(layout.ServiceDir(name)),
			Because: "selected in config.yml", Calls: []string{"search"},
		}})
	}
	return root, resolve.Selection{
		Variant:    config.Variant{Name: "all-in-one"},
		Services:   services,
		Plugins:    []scan.Plugin{{Code: "simple-promo", Package: "simplepromo", Domains: []string{"pricing"}}},
		Transports: layout.Transports(),
		Remote:     []string{"search"},
	}
}

func exampleFiles(t *testing.T) []File {
	t.Helper()
	root, selection := example()
	files, err := Program(root, nil, selection)
	if err != nil {
		t.Fatal(err)
	}
	return append(files, VariantsFile(root, []resolve.Selection{selection}))
}

func TestFilesSayWhatTheyAre(t *testing.T) {
	for _, f := range exampleFiles(t) {
		first, _, _ := strings.Cut(string(f.Data), "\n")
		if strings.HasSuffix(f.Path, ".json") {
			first = "// " + layout.Header
		}
		if strings.TrimLeft(first, "/# ") != layout.Header {
			t.Errorf("%s begins with %q", f.Path, first)
		}
		if !Generated(f.Data) || !Intact(f.Data) {
			t.Errorf("%s: generated %t, intact %t; want both", f.Path, Generated(f.Data), Intact(f.Data))
		}
		if !bytes.HasSuffix(f.Data, []byte("\n")) || bytes.HasSuffix(f.Data, []byte("\n\n")) {
			t.Errorf("%s does not end with one newline", f.Path)
		}
	}
}

func TestGoFilesAreFormatted(t *testing.T) {
	for _, f := range exampleFiles(t) {
		if !strings.HasSuffix(f.Path, ".go") {
			continue
		}
		if formatted, err := format.Source(f.Data); err != nil || !bytes.Equal(formatted, f.Data) {
			t.Errorf("%s is not as gofmt writes it: %v", f.Path, err)
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if doc := syntax.Doc.Text(); strings.Contains(doc, layout.Header) {
			t.Errorf("%s: the header is in the package's documentation:\n%s", f.Path, doc)
		}
	}
}

// Every single byte that is changed, lost or added is noticed.
func TestIntactNoticesEveryByte(t *testing.T) {
	for _, f := range exampleFiles(t) {
		for i := range f.Data {
			changed := bytes.Clone(f.Data)
			changed[i] ^= 1
			if Intact(changed) {
				t.Errorf("%s: byte %d changed, and the file counts as intact", f.Path, i)
			}
			shorter := append(bytes.Clone(f.Data[:i]), f.Data[i+1:]...)
			if !bytes.Equal(shorter, f.Data) && Intact(shorter) {
				t.Errorf("%s: byte %d missing, and the file counts as intact", f.Path, i)
			}
		}
		if Intact(append(bytes.Clone(f.Data), '\n')) {
			t.Errorf("%s: with one more line it counts as intact", f.Path)
		}
	}
}

func TestGeneratedSurvivesDamage(t *testing.T) {
	whole := string(exampleFiles(t)[1].Data)
	for _, text := range []string{whole, whole[:80], "<<<<<<< HEAD\n" + whole, strings.ReplaceAll(whole, "\n", "\r\n")} {
		if !Generated([]byte(text)) {
			t.Errorf("not recognized:\n%s", text)
		}
	}
	for _, text := range []string{"", "package main\n", "package main\n\nconst header = \"// " + layout.Header + "\"\n"} {
		if Generated([]byte(text)) {
			t.Errorf("taken for generated:\n%s", text)
		}
	}
}

func TestManifestHasTheSelection(t *testing.T) {
	root, selection := example()
	data, err := sealManifest(Manifest(root, selection))
	if err != nil {
		t.Fatal(err)
	}
	m, err := manifest.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	want := Manifest(root, selection)
	want.Graph = m.Graph
	again, err := manifest.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(again), string(data)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := manifest.Diff(m, selection.Variant.Selection()); len(diff) != 3 {
		t.Errorf("an empty selection differs by %q, want the three services", diff)
	}
}

func TestNamesInSentences(t *testing.T) {
	for _, test := range []struct{ names, want string }{
		{"", ""}, {"a", "a"}, {"a b", "a and b"}, {"a b c", "a, b and c"},
	} {
		if got := enumerate(strings.Fields(test.names)); got != test.want {
			t.Errorf("%q: %q, want %q", test.names, got, test.want)
		}
	}
	_, selection := example()
	for range 3 {
		selection.Services = append(selection.Services, selection.Services...)
	}
	main, err := mainFile(selection)
	if err != nil || !strings.Contains(string(main), "runs 24 services in one process") {
		t.Errorf("%v\n%s", err, main)
	}
}
