package e2e

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/shopanaio/orchestrator/"

// listed is what `go list -json` says of a package.
type listed struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

// goList asks the go command about packages, without cgo, for linux/amd64: the
// answer must not depend on the machine.
func goList(t testing.TB, dir string, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Standard"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	var packages []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// layer says what the packages that match a pattern may import of this
// module, and whether anything outside of the standard library.
type layer struct {
	pattern string // path.Match below the module; "/..." for everything below
	allowed []string
	foreign []string // import path prefixes of third parties
	why     string
}

// layers is the house rule, first match wins. See docs/architecture.md.
var layers = []layer{
	{"tools/gen/...", []string{"tools/gen/...", "config/..."}, []string{}, "the generator must run when nothing else compiles"},
	{"config/...", []string{"config/...", "secret"}, []string{"gopkg.in/yaml.v3"}, "config is a leaf: generator and process read the same file with it"},
	{"money/...", []string{"money/..."}, nil, "money is a leaf"},
	{"secret", []string{}, []string{}, "secret is a leaf: whoever has settings reads them with it"},
	{"bus/membus", []string{"bus"}, nil, "a transport knows the bus and nobody else"},
	{"bus/natsbus", []string{"bus", "secret"}, []string{"github.com/nats-io/nats.go", "github.com/nats-io/nuid"}, "a transport knows the bus and its client library"},
	{"bus/natsbus/embedded", []string{"bus", "bus/natsbus"}, []string{"github.com/nats-io/nats-server/v2"}, "the only package that may carry a server into a program"},
	{"bus/otelbus", []string{"bus"}, []string{"go.opentelemetry.io/otel"}, "the only package that knows OpenTelemetry: who does not import it has none of it"},
	{"bus/bustest", []string{"bus", "bus/membus"}, nil, "test helpers know the bus"},
	{"bus/conformance", []string{"bus", "bus/bustest"}, nil, "the table of behaviours knows no transport"},
	{"bus/...", []string{"bus/..."}, nil, "services import the bus: it drags nothing in"},
	{"internal/testnats", []string{}, []string{"github.com/nats-io/nats-server/v2"}, "a real server for tests"},
	{"plugin/...", []string{"plugin/...", "money", "secret"}, nil, "provider authors import the SDK and nothing else"},
	{"plugins/*/...", []string{"plugin", "money", "plugins/{1}/..."}, nil, "a provider knows the SDK, no service and no other provider"},
	{"services", []string{}, nil, "the folder itself holds tests of what all services have in common"},
	{"services/*/*api", []string{"bus", "money", "plugin", "services/*/*api"}, nil, "a contract must not drag an implementation in"},
	{"services/*/...", []string{"services/{1}/...", "services/*/*api", "bus", "money", "plugin", "secret", "storage", "orchestrator/service"},
		[]string{"golang.org/x/sync"}, "a service knows the others by their contracts only, and no container"},
	{"orchestrator/cmd/*", nil, nil, "checked by its deps.txt and TestVariantsLinkWhatTheySelect"},
	{"orchestrator/service/servicetest", []string{"orchestrator/...", "bus", "bus/bustest", "config", "plugin"},
		[]string{"go.uber.org/fx", "go.uber.org/goleak"}, "test helpers run one service as the orchestrator does"},
	{"orchestrator/...", []string{"orchestrator/...", "bus", "bus/membus", "config/...", "plugin"}, nil, "the orchestrator must not know any service: selection is an import in orchestrator/cmd"},
	{"e2e/...", nil, nil, "tests"},
}

// Proves the import directions of the design, each with its reason.
func TestImportRules(t *testing.T) {
	used := map[string]bool{}
	for _, p := range goList(t, root(t), "./...") {
		rel := strings.TrimPrefix(p.ImportPath, module)
		l, parts, ok := layerOf(rel)
		if !ok {
			t.Errorf("%s is in no layer: say in e2e/imports_test.go what it may import", rel)
			continue
		}
		used[l.pattern] = true
		if l.allowed == nil && l.foreign == nil && strings.HasPrefix(l.pattern, "orchestrator/cmd") || strings.HasPrefix(l.pattern, "e2e") {
			continue
		}
		for _, imported := range p.Imports {
			if why, bad := forbidden(l, parts, imported); bad {
				t.Errorf("%s imports %s: %s (%s)", rel, imported, why, l.why)
			}
		}
	}
	for _, l := range layers {
		if !used[l.pattern] {
			t.Errorf("no package matches the rule %q: it protects nothing any more", l.pattern)
		}
	}
}

// The rules themselves must bite.
func TestImportRulesFindViolations(t *testing.T) {
	for _, v := range []struct{ from, imports string }{
		{"bus", "go.uber.org/fx"},
		{"bus", module + "config"},
		{"tools/gen", module + "bus"},
		{"services/pricing", module + "services/apps"},
		{"services/pricing/pricingapi", module + "services/pricing"},
		{"services/pricing", module + "orchestrator"},
		{"services/pricing", "github.com/nats-io/nats.go"},
		{"services/pricing", "go.uber.org/fx"},
		{"orchestrator", module + "services/apps/appsapi"},
		{"plugins/meest", module + "plugins/novaposhta"},
		{"plugin", module + "bus"},
		{"secret", module + "config"},
		{"secret", "gopkg.in/yaml.v3"},
		{"services/pricing/pricingapi", module + "secret"},
	} {
		l, parts, ok := layerOf(v.from)
		if !ok {
			t.Errorf("%s is in no layer", v.from)
		} else if _, bad := forbidden(l, parts, v.imports); !bad {
			t.Errorf("the rule %q lets %s import %s", l.pattern, v.from, v.imports)
		}
	}
}

func layerOf(rel string) (layer, []string, bool) {
	for _, l := range layers {
		if parts, ok := match(l.pattern, rel); ok {
			return l, parts, true
		}
	}
	return layer{}, nil, false
}

// forbidden says why a package of the layer may not import another.
func forbidden(l layer, parts []string, imported string) (string, bool) {
	rel, ours := strings.CutPrefix(imported, module)
	if !ours {
		first, _, _ := strings.Cut(imported, "/")
		if !strings.Contains(first, ".") || foreignAllowed(l, imported) {
			return "", false
		}
		return "a third party's package that this layer does not need", true
	}
	for _, pattern := range l.allowed {
		if len(parts) > 0 {
			pattern = strings.ReplaceAll(pattern, "{1}", parts[0])
		}
		if _, ok := match(pattern, rel); ok {
			return "", false
		}
	}
	return "the wrong direction", true
}

func foreignAllowed(l layer, imported string) bool {
	if l.foreign == nil { // this layer says nothing of third parties but the leaves do
		return strings.HasPrefix(l.pattern, "orchestrator/")
	}
	return slices.ContainsFunc(l.foreign, func(p string) bool { return strings.HasPrefix(imported, p) })
}

// match compares element by element; "*" is the wildcard, "/..." is everything
// at and below. It returns what the wildcards stand for.
func match(pattern, rel string) (parts []string, ok bool) {
	pattern, below := strings.CutSuffix(pattern, "/...")
	want, have := strings.Split(pattern, "/"), strings.Split(rel, "/")
	if len(have) < len(want) || len(have) > len(want) && !below {
		return nil, false
	}
	for i, w := range want {
		if ok, err := path.Match(w, have[i]); err != nil || !ok {
			return nil, false
		}
		if strings.Contains(w, "*") {
			parts = append(parts, have[i])
		}
	}
	return parts, true
}
