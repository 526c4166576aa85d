package resolve

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// resolveText resolves a config.yml against services a to e and edges like "a>b" (a call).
func resolveText(t *testing.T, text, edges string) ([]Selection, config.Problems) {
	t.Helper()
	file, err := config.Parse("config.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	variants, err := file.Variants()
	if err != nil {
		t.Fatal(err)
	}
	tree := Tree{Root: layout.NewRoot("example.test/shop", ""), Transports: layout.Transports()}
	for name := range strings.SplitSeq("abcde", "") {
		tree.Services = append(tree.Services, scan.Service{Name: name, Package: name, Module: true})
	}
	var list []graph.Edge
	for word := range strings.FieldsSeq(edges) {
		list = append(list, graph.Edge{From: word[:1], To: word[2:], Kind: graph.Calls, Name: word[2:] + "api.Do"})
	}
	tree.Graph = graph.New(list)
	return Resolve(file, variants, tree)
}

func TestStartOrderAndReasons(t *testing.T) {
	selections, problems := resolveText(t, "orchestrator: {services: [a, b, c, d]}", "a>c b>c c>d")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var got []string
	for _, s := range selections[0].Services {
		got = append(got, s.Name+": "+s.Because)
	}
	want := []string{
		"d: selected in config.yml, called by c",
		"c: selected in config.yml, called by a, b",
		"a: selected in config.yml", "b: selected in config.yml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestRemoteServices(t *testing.T) {
	for _, test := range []struct{ text, edges, want string }{
		{"{services: [a], remote: [b]}", "a>b", "b"},
		{"{services: [a], standalone: [c]}", "c>d c>b", ""},
		{"{services: [a], mode: standalone}", "a>c a>b b>e", "b c"},
		{"{services: [a, b], mode: standalone}", "a>b", ""},
		{"{services: [a], remote: [e]}", "", "e"},
	} {
		selections, problems := resolveText(t, "orchestrator: "+test.text, test.edges)
		if got := strings.Join(selections[0].Remote, " "); got != test.want || len(problems) > 0 {
			t.Errorf("%s with %s: remote %q, want %q; %v", test.text, test.edges, got, test.want, problems)
		}
	}
	selections, _ := resolveText(t, "orchestrator: {services: [a], standalone: [c]}", "c>d c>b")
	if got := strings.Join(selections[1].Remote, " "); got != "b d" {
		t.Errorf("standalone c: remote %q, want b d", got)
	}
}

// A need is reported where the service is selected, and where a variant takes away what it needs.
func TestMissingDependencyIsReportedOnceAndInItsPlace(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"in the base only", "variants:\n    dev: {services: [a, b]}\n    x: {extends: dev, remove: [b]}\n", "dev 3:22"},
		{"in the base, and mended", "variants:\n    dev: {services: [a]}\n    x: {extends: dev, add: [c]}\n", "dev 3:22"},
		{"the base behind it", "variants:\n    a1: {extends: z, remove: [c]}\n    z: {services: [a, c]}\n", "a1 3:5"},
		{"the same in both", "variants:\n    a1: {extends: z, add: [d]}\n    z: {services: [a]}\n", "z 4:20"},
		{"said again", "variants:\n    y: {services: [a]}\n    z: {services: [a]}\n", "y 3:20, z 4:20"},
		{"the base is standalone", "standalone: [a]\n  variants:\n    x: {extends: a, remote: []}\n", ""},
	} {
		_, problems := resolveText(t, "orchestrator:\n  "+test.text, "a>c")
		var got []string
		for _, p := range problems {
			variant, _, _ := strings.Cut(strings.TrimPrefix(p.Message, "variant "), ":")
			got = append(got, fmt.Sprintf("%s %d:%d", variant, p.Line, p.Column))
		}
		if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: -want +got\n%s%v", test.name, diff, problems)
		}
	}
}

// What config says of a transport is the whole of it.
func TestMisspeltTransportIsReportedOnce(t *testing.T) {
	text := "orchestrator: {services: [a], transports: [memry], remote: [a2]}"
	file, problems := config.ParsePartial("config.yml", []byte(text))
	variants, err := file.Variants()
	if err != nil || len(problems) != 1 {
		t.Fatal(err, problems)
	}
	tree := Tree{Transports: layout.Transports(), Graph: graph.New(nil), Services: []scan.Service{{Name: "a", Package: "a", Module: true}, {Name: "a2", Package: "a2", Module: true}}}
	if _, more := Resolve(file, variants, tree); len(more) > 0 {
		t.Errorf("beside %v: %v", problems, more)
	}
}

func TestChoicesAreShort(t *testing.T) {
	var many []string
	for i := range 25 {
		many = append(many, fmt.Sprintf("service%02d", i))
	}
	r := newResolver(&config.File{}, nil, Tree{Root: layout.NewRoot(layout.Module, "")})
	got := r.choices("servixe07", "services", many)
	if !strings.HasPrefix(got, "did you mean \"service07\"?\nservices: service00, ") ||
		!strings.HasSuffix(got, "service19 and 5 more; go run ./tools/gen list shows all") {
		t.Errorf("choices:\n%s", got)
	}
	if got := r.choices("x", "services", nil); got != "there are no services here" {
		t.Errorf("no choices: %s", got)
	}
}

func TestPluginsOfDashedServices(t *testing.T) {
	r := newResolver(&config.File{}, nil, Tree{Plugins: []scan.Plugin{{Code: "p", Found: true, Domains: []string{"giftcards"}}, {Code: "q", Found: true}}})
	if got := r.servingPlugins([]string{"gift-cards"}); len(got) != 1 || got[0].Code != "p" {
		t.Errorf("plugins %v, want p: its domain is the service's name without dashes", got)
	}
}
