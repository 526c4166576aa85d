package scan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// kitText is a helper package with makers, and with what others may put things into.
const kitText = "package kit\n" + busSpec + `
type A = bus.Action[int, int]
type K struct{}
type Table struct{}
func (Table) Add(string, any) {}
func (K) Make(name string) *A { return bus.NewAction[int, int](name) }
func Action(name string) *A { return bus.NewAction[int, int](name) }
func Changed(name string) *A {
	name = "apps.execute"
	return bus.NewAction[int, int](name)
}
func Documented(a *A) *A { return a }
func Register(string, any) bool { return true }
var Reg = map[string]func(){}
var Registry Table
`

// What a contract hands to others when it is linked counts for whoever links it,
// whatever is used of the contract.
func TestLinkingAContract(t *testing.T) {
	const (
		kitSpec = `import "example.test/shop/shared/kit"` + "\n"
		do      = do + "type R struct{}\n"
	)
	for _, test := range []struct{ name, text, want string }{
		{"init fills another package's map", kitSpec + busSpec + do + `func init() { kit.Reg["do"] = func() { do.Call() } }`, "calls cc"},
		{"one of several does", kitSpec + busSpec + do + `func init() {}; func init() { kit.Register("do", do) }`, "calls cc"},
		{"init calls who does", kitSpec + busSpec + do + `func init() { fill() }; func fill() { kit.Reg["do"] = func() { do.Call() } }`, "calls cc"},
		{"a variable without a name", kitSpec + busSpec + do + `var _ = kit.Register("do", func() { do.Call() })`, "calls cc"},
		{"a function without parameters", kitSpec + busSpec + do + `var _ = fill(); func fill() bool { kit.Reg["do"] = func() { do.Call() }; return true }`, "calls cc"},
		{"a variable with a name", kitSpec + busSpec + do + `var done = kit.Register("do", func() { do.Call() })`, "calls cc"},
		{"a variable that a function sets up", kitSpec + busSpec + do + `var done = fill(); func fill() bool { kit.Reg["do"] = func() { do.Call() }; return true }`, "calls cc"},
		{"a method of another package's variable", kitSpec + busSpec + do + `var done = fill(); func fill() bool { kit.Registry.Add("do", do); return true }`, "calls cc"},
		{"the standard library's table", `import "net/http"` + "\n" + busSpec + do + `func init() { http.HandleFunc("/", func() { do.Call() }) }`, "calls cc"},
		{"an error that init changes", busSpec + do + `var Err error = bus.NewError(bus.NotFound, "cc.none"); type hook struct{ error }; func (hook) Run() { do.Call() }; func init() { Err = hook{Err} }`, "calls cc"},
		{"a contract that this one imports", appsSpec + "\ntype R = appsapi.Request", "calls apps, types cc"},
		{"init of data", busSpec + do + `var names []string; func init() { names = append(names, "a") }`, "types cc"},
	} {
		for _, user := range []string{"_ " + strings.TrimPrefix(ccSpec, "import "), strings.TrimPrefix(ccSpec, "import ")} {
			files := map[string]string{
				"services/cc/ccapi/cc.go": "package ccapi\n" + strings.ReplaceAll(test.text, "; ", "\n"),
				"services/svc/svc.go":     "package svc\nimport " + user + "\ntype _ = ccapi.R",
				"shared/kit/kit.go":       kitText,
			}
			if strings.Contains(test.want, "apps") {
				files["services/apps/appsapi/init.go"] = "package appsapi\n" + kitSpec + "func init() { kit.Register(\"x\", Execute) }"
			}
			if got := said(scanned(t, files)); got != test.want {
				t.Errorf("%s, import %s: %s, want %s", test.name, user, got, test.want)
			}
		}
	}
}

// Where it cannot be told with which name an action is made, that is an error with
// its place, never somebody else's name.
func TestNamesThatCannotBeTold(t *testing.T) {
	const (
		kitSpec = `import "example.test/shop/shared/kit"` + "\n"
		maker   = "\nfunc action(name string) *bus.Action[int, int] { return bus.NewAction[int, int](name) }\n"
	)
	for _, test := range []struct{ name, text, want string }{
		{"a method of a helper makes it", kitSpec + `var a = kit.K{}.Make("apps.execute")`, "shared/kit/kit.go:7"},
		{"a method of the service makes it", busSpec + `; type s struct{}; func (s) mk(name string) *bus.Action[int, int] { return bus.NewAction[int, int](name) }; var a = s{}.mk("apps.execute")`, "services/svc/x.go:4"},
		{"a method with a parameter like a constant", busSpec + `; const name = "svc.do"; type s struct{}; func (s) mk(name string) { bus.NewAction[int, int](name) }`, "services/svc/x.go:5"},
		{"a maker in a variable", busSpec + maker + `func f() { mk := action; mk("apps.execute") }`, "services/svc/x.go:4"},
		{"a maker in a list", busSpec + maker + `var makers = []any{1, action}`, "services/svc/x.go:4"},
		{"a maker that is given away", busSpec + maker + `func f(g func(any)) { g(action) }`, "services/svc/x.go:4"},
		{"a maker in a field", busSpec + maker + `type t struct { Make any }; var v = t{Make: action}`, "services/svc/x.go:5"},
		{"a literal that makes it", busSpec + `; const name = "svc.do"; var mk = func(name string) any { return bus.NewAction[int, int](name) }`, "services/svc/x.go:4"},
		{"a variable of the function", busSpec + `; const name = "svc.do"; func f(of func() string) { name := of(); bus.NewAction[int, int](name) }`, "services/svc/x.go:5"},
		{"makers that call each other", busSpec + `; func a(name string, n int) any { if n > 0 { return b(name) }; return bus.NewAction[int, int](name) }; func b(name string) any { return a(name, 0) }; var v = b("apps.execute")`, "calls apps"},
		{"a maker of two", busSpec + `; func both(a, b string) { bus.NewAction[int, int](a); bus.NewEvent[int](b) }; func f() { both("svc.do", "apps.installed") }`, "listens apps"},
		{"a parameter that the maker changes", kitSpec + `var a = kit.Changed("svc.do")`, "shared/kit/kit.go:11"},
		{"a constant of the function", busSpec + `; const name = "svc.do"; func f() { const name = "apps.execute"; bus.NewAction[int, int](name) }`, "calls apps"},
		{"a constant of a block", busSpec + `; const name = "apps.execute"; func f() { const name = "svc.do"; { const name = "svc." + "other"; bus.NewAction[int, int](name) } }`, ""},
		{"a field that is called like a maker", busSpec + maker + `type t struct { action int }; var v = t{action: 1}`, ""},
	} {
		found := scanned(t, map[string]string{
			"services/svc/x.go": "package svc\n" + strings.ReplaceAll(test.text, "; ", "\n"),
			"shared/kit/kit.go": kitText,
		})
		got := []string{}
		for _, p := range found.Problems {
			got = append(got, fmt.Sprintf("%s:%d", p.Path, p.Line))
		}
		if len(got) == 0 {
			got = append(got, said(found))
		}
		if !slices.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A constant that files for several platforms say differently cannot be told from a
// third file, and in each of the two it is what stands there.
func TestConstantOfSeveralPlatforms(t *testing.T) {
	files := map[string]string{
		"services/svc/n_linux.go":  "package svc\nconst name = \"apps.execute\"",
		"services/svc/n_darwin.go": "package svc\nconst name = \"svc.do\"",
		"services/svc/x.go":        "package svc\n" + busSpec + "\nvar a = bus.NewAction[int, int](name)",
	}
	if got := said(scanned(t, files)); got != "foreign-name" {
		t.Errorf("%q, want foreign-name", got)
	}
	files["services/svc/x.go"] = "package svc"
	files["services/svc/n_linux.go"] = "package svc\n" + busSpec + "\nconst name = \"apps.execute\"\nvar a = bus.NewAction[int, int](name)"
	if got := said(scanned(t, files)); got != "calls apps" {
		t.Errorf("%q, want calls apps", got)
	}
}
