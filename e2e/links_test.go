package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// selected is the part of a manifest these tests compare with what is linked.
type selected struct {
	Variant    string
	Transports []string
	Services   []struct{ Name, Import string }
	Plugins    []struct{ Code, Import string }
}

func variants(t testing.TB, dir string) []selected {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "orchestrator/cmd/*/manifest.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no variants below %s: %v", dir, err)
	}
	var all []selected
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s selected
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, s)
	}
	return all
}

// Proves: C3 (only what was chosen is in the binary), for every variant.
func TestVariantsLinkWhatTheySelect(t *testing.T) {
	dir := root(t)
	for _, v := range variants(t, dir) {
		t.Run(v.Variant, func(t *testing.T) {
			linked := linkedPackages(t, dir, v.Variant)
			for _, service := range folders(t, dir, "services") {
				selected := slices.ContainsFunc(v.Services, func(s struct{ Name, Import string }) bool { return s.Name == service })
				checkService(t, linked, service, selected)
			}
			for _, code := range folders(t, dir, "plugins") {
				selected := slices.ContainsFunc(v.Plugins, func(p struct{ Code, Import string }) bool { return p.Code == code })
				if got := slices.Contains(linked, module+"plugins/"+code); got != selected {
					t.Errorf("plugin %s: linked %v, selected %v", code, got, selected)
				}
			}
		})
	}
}

func linkedPackages(t testing.TB, dir, variant string) []string {
	var linked []string
	for _, p := range goList(t, dir, "-deps", "./orchestrator/cmd/"+variant) {
		if !p.Standard {
			linked = append(linked, p.ImportPath)
		}
	}
	return linked
}

// checkService allows an unselected service's contract, nothing else of it.
func checkService(t *testing.T, linked []string, service string, selected bool) {
	t.Helper()
	contract := module + "services/" + service + "/" + strings.ReplaceAll(service, "-", "") + "api"
	if selected {
		if !slices.Contains(linked, module+"services/"+service) {
			t.Errorf("%s is selected and not linked", service)
		}
		return
	}
	for _, p := range linked {
		if (p == module+"services/"+service || strings.HasPrefix(p, module+"services/"+service+"/")) && p != contract {
			t.Errorf("%s is linked though %s is not selected: something imports more than its contract", p, service)
		}
	}
}

func folders(t testing.TB, dir, kind string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, kind))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// unwanted are packages that the minimal variant must never link, with the
// reason a reviewer should hear.
var unwanted = map[string]string{
	"github.com/nats-io/nats.go":        "orchestrator-minimal runs on the memory bus only; NATS is linked by `transports`",
	"github.com/nats-io/nats-server/v2": "no variant but one with `transports: [embedded]` carries a server",
	"github.com/stretchr/testify":       "test helpers are not for production binaries",
	"testing":                           "test helpers are not for production binaries",
}

// Proves: C3, C4 (the minimal variant carries no NATS client and no test code).
func TestMinimalLinksNothingItDoesNotNeed(t *testing.T) {
	linked := goList(t, root(t), "-deps", "./orchestrator/cmd/orchestrator-minimal")
	for _, p := range linked {
		for bad, why := range unwanted {
			if p.ImportPath == bad || strings.HasPrefix(p.ImportPath, bad+"/") {
				t.Errorf("orchestrator-minimal links %s: %s", p.ImportPath, why)
			}
		}
	}
	// A name that no longer exists would make the test above pass for nothing.
	for bad := range unwanted {
		if bad != "github.com/stretchr/testify" {
			goList(t, root(t), bad)
		}
	}
}

// A method looked up by a computed name, or by an index, makes the linker keep
// every exported method of every type: a third of a program. The linker's own
// graph says whether anything does.
func TestVariantsKeepNoUncalledMethods(t *testing.T) {
	for _, v := range variants(t, root(t)) {
		_, graph, code := output(t, root(t), nil, "go", "build", "-ldflags=-dumpdep", "-o", filepath.Join(t.TempDir(), "out"), "./orchestrator/cmd/"+v.Variant)
		if code != 0 || !strings.Contains(graph, "main.main -> ") {
			t.Fatalf("go build -ldflags=-dumpdep: exit code %d, %d bytes", code, len(graph))
		}
		guilty := map[string]bool{}
		for line := range strings.Lines(graph) {
			if from, _, _ := strings.Cut(line, " -> "); strings.HasSuffix(from, " <ReflectMethod>") {
				guilty[strings.TrimSuffix(from, " <ReflectMethod>")] = true
			}
		}
		for name := range guilty {
			t.Errorf("%s: %s looks methods up by reflection: name the method in a constant, or use an interface", v.Variant, name)
		}
	}
}
