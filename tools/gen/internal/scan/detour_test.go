package scan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
)

const (
	busSpec  = `import "github.com/shopanaio/orchestrator/bus"`
	ccSpec   = `import "example.test/shop/services/cc/ccapi"`
	appsSpec = `import "example.test/shop/services/apps/appsapi"`
	// do is an action of cc.
	do = "\nvar do = bus.NewAction[int, int](\"cc.do\")\n"
)

// scanned reads svc of a tree that has the services svc, cc and apps.
func scanned(t *testing.T, files map[string]string) Uses {
	t.Helper()
	all := map[string]string{
		"services/svc/module.go":           "package svc\nvar Module = 1",
		"services/cc/module.go":            "package cc\nvar Module = 1",
		"services/apps/module.go":          "package apps\nvar Module = 1",
		"services/apps/appsapi/actions.go": "package appsapi\n" + busSpec + "\nvar Execute = bus.NewAction[int, int](\"apps.execute\")\nvar Installed = bus.NewEvent[int](\"apps.installed\")\ntype Request struct{}",
	}
	maps.Copy(all, files)
	found, err := tree(all).Uses([]string{"svc"})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// said are the edges and problems of svc, one word each: "calls cc", "foreign-name".
func said(found Uses) string {
	words := []string{}
	for _, e := range graph.New(found.Edges).Edges() {
		words = append(words, fmt.Sprintf("%s %s", e.Kind, e.To))
	}
	for _, p := range found.Problems {
		words = append(words, p.Code)
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// What a contract reaches by a detour is a call: each file stands for the contract
// of cc, of which svc uses Name.
func TestDetoursAreCalls(t *testing.T) {
	helper := map[string]string{
		"services/cc/ccapi/internal/actions/actions.go": "package actions\n" + busSpec + "\nvar Do = bus.NewAction[int, int](\"cc.do\")",
		"shared/kit/kit.go":                             "package kit\n" + busSpec + "\nfunc Action[A, B any](name string) *bus.Action[A, B] { return bus.NewAction[A, B](name) }\nfunc Of[A, B any](retries int, name string) *bus.Action[A, B] { return Action[A, B](name) }",
	}
	for _, test := range []struct{ name, text, want string }{
		{"an alias of a type with methods", busSpec + do + `type Name = client; type client struct{}; func (client) Do() { do.Call() }`, "calls cc"},
		{"a method declared on the alias", busSpec + do + `type Name = client; type client struct{}; type alias = client; func (alias) Do() { do.Call() }`, "calls cc"},
		{"an embedded type", busSpec + do + `type Name struct{ client }; type client struct{}; func (client) Do() { do.Call() }`, "calls cc"},
		{"a variable of an embedding type", busSpec + do + `var Name A; type A struct{ base }; type base struct{}; func (base) Do() { do.Call() }`, "calls cc"},
		{"new of a type that embeds an action", busSpec + `; type holder struct{ *bus.Action[int, int] }; var Name = new(holder)`, "calls cc"},
		{"a named type of an action", busSpec + `; type action = bus.Action[int, int]; var Name *action; func init() { Name = bus.NewAction[int, int]("cc.do") }`, "calls cc"},
		{"a promoted field", busSpec + `; type inner struct { Do *bus.Action[int, int] }; type outer struct { inner }; var Name outer`, "calls cc"},
		{"a map that init fills", busSpec + do + `var Name = map[string]any{}; func init() { Name["do"] = do }`, "calls cc"},
		{"a map that a helper fills", busSpec + do + `var Name = map[string]any{}; func init() { add("do", do) }; func add(name string, a any) { Name[name] = a }`, "calls cc"},
		{"a standard container that a function fills", `import "sync"` + "\n" + busSpec + do + `var Name sync.Map; func Fill() { Name.Store("do", do) }`, "calls cc"},
		{"a standard container that holds any type", `import "sync/atomic"; var Name atomic.Pointer[any]`, "calls cc"},
		{"a standard container of a type that holds an action", `import "sync/atomic"` + "\n" + busSpec + `; type client struct { do *bus.Action[int, int] }; var Name atomic.Pointer[client]`, "calls cc"},
		{"a standard function of one that calls", `import "sync"` + "\n" + busSpec + do + `var Name = sync.OnceFunc(load); func load() { do.Call() }`, "calls cc"},
		{"an own container that holds any type", `type Opt[T any] struct { V *T }; var Name = Opt[any]{}`, "calls cc"},
		{"an own generic function that gives any type", `func of[T any](v T) T { return v }; var Name = of[any](1)`, "calls cc"},
		{"a list that is appended to", `var Name = append([]any{}, 1)`, "calls cc"},
		{"a function that is called", busSpec + do + `var Name = func() any { return do }()`, "calls cc"},
		{"a constant of a type that calls", busSpec + do + `type Mode string; const Name Mode = "x"; func (Mode) Run() { do.Call() }`, "calls cc"},
		{"a converted constant of a type that calls", busSpec + do + `type Mode string; const Name = Mode("x"); func (Mode) Run() { do.Call() }`, "calls cc"},
		{"a constant with the type of the one before", busSpec + do + "type Mode int\nconst (\n\tfirst Mode = iota\n\tName\n)\nfunc (Mode) Run() { do.Call() }", "calls cc"},
		{"another name of such a constant", busSpec + do + `type Mode int; const first Mode = 1; const Name = first; func (Mode) Run() { do.Call() }`, "calls cc"},
		{"an error that a function changes", busSpec + do + `var Name error = bus.NewError(bus.NotFound, "cc.none"); type hook struct{ error }; func (hook) Run() { do.Call() }; func Set() { Name = hook{Name} }`, "calls cc"},
		{"an error that a function can change", busSpec + do + `var Name error; type hook struct{ error }; func (hook) Run() { do.Call() }; func Set() { set(&Name, hook{}) }; func set(to *error, e error) { *to = e }`, "calls cc"},
		{"errors that a function fills", busSpec + do + `var Name = map[string]error{}; type hook struct{ error }; func (hook) Run() { do.Call() }; func Set() { Name["x"] = hook{} }`, "calls cc"},
		{"an action that a function changes", busSpec + "\n" + appsSpec + `; var Name = bus.NewAction[int, int]("cc.do"); func Set() { Name = appsapi.Execute }`, "calls apps, calls cc"},
		{"an interface that somebody sets", `type Doer interface{ Do() }; var Name Doer`, "calls cc"},
		{"a function that somebody sets", `var Name func()`, "calls cc"},
		{"a helper over a variable that somebody sets", `var impl func(); func Name() { impl() }`, "calls cc"},
		{"bus imported twice", busSpec + "\nimport b \"github.com/shopanaio/orchestrator/bus\"\nvar _ bus.Code\nvar Name = b.NewAction[int, int](\"cc.do\")", "calls cc"},
		{"an internal package", `import "example.test/shop/services/cc/ccapi/internal/actions"; var Name = actions.Do`, "calls cc"},
		{"a helper package", `import "example.test/shop/shared/kit"; var Name = kit.Action[int, int]("cc.do")`, "calls cc"},
		{"a helper of a helper", `import "example.test/shop/shared/kit"; var Name = kit.Of[int, int](3, "cc.do")`, "calls cc"},
		{"a helper of the contract", busSpec + `; var Name = action("do"); func action(verb string) *bus.Action[int, int] { return bus.NewAction[int, int]("cc." + verb) }`, "calls cc"},
		{"a package of another module", `import "example.test/other/kit"; var Name = kit.Action("cc.do")`, "calls cc"},
		{"another contract's action", appsSpec + "\nvar Name = appsapi.Execute", "calls apps, types cc"},
		{"another contract's action in a helper", appsSpec + "\nfunc Name() { appsapi.Execute.Call() }", "calls apps, types cc"},
		{"another contract's event", appsSpec + "\nvar Name = appsapi.Installed", "listens apps, types cc"},
		{"another contract's type", appsSpec + "\ntype Name = appsapi.Request", "types cc"},
		{"another contract's action by name", busSpec + `; var Name = bus.NewAction[int, int]("apps.execute")`, "calls apps, types cc"},
		{"a name that its own constant begins", busSpec + `; const prefix = "cc."; var Name = bus.NewAction[int, int](prefix + verb); var verb = "do"`, "calls cc"},
		{"a name that cannot be read", busSpec + `; var Name = bus.NewAction[int, int](name()); func name() string { return "cc.do" }`, "calls cc, foreign-name"},
		{"a name of nobody", busSpec + `; var Name = bus.NewAction[int, int]("gone.do")`, "calls cc, foreign-name"},
		{"a dot import", `import . "example.test/shop/services/cc/ccapi/internal/actions"; var Name = Do`, "calls cc, dot-import"},
	} {
		files := map[string]string{
			"services/cc/ccapi/cc.go": "package ccapi\n" + strings.ReplaceAll(test.text, "; ", "\n"),
			"services/svc/svc.go":     "package svc\n" + ccSpec + "\nvar _ = ccapi.Name",
		}
		maps.Copy(files, helper)
		if got := said(scanned(t, files)); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// What is provably data needs nobody.
func TestDataIsNoCall(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{"a constant", `const Name = 1`},
		{"a text", `var Name = "a" + "b"`},
		{"an error", busSpec + do + `var Name = bus.NewError(bus.NotFound, "cc.none")`},
		{"an error of the standard library", `import "errors"; var Name = errors.New("none")`},
		{"a duration", `import "time"; var Name = 3 * time.Second`},
		{"a pattern", `import "regexp"; var Name = regexp.MustCompile("a")`},
		{"a list", `type Code string; const A Code = "a"; var Name = []Code{A}`},
		{"a map of structs", `type row struct { A int; B []string }; var Name = map[string]row{"a": {}}`},
		{"a pointer to data", `type row struct { Next *row }; var Name = &row{}`},
		{"made", `var Name = make([]string, 3)`},
		{"a result", `var Name = load(); func load() []string { return nil }`},
		{"the second result", `var A, Name = load(); func load() (any, []string) { return nil, nil }`},
		{"another name of data", `var other = 1; var Name = other`},
		{"a type of the runtime", `import "github.com/shopanaio/orchestrator/money"; var Name = money.Of(1, "USD")`},
		{"a request", busSpec + do + `type Name struct { ID string; More any; Do func() }; func (Name) Validate() error { return bus.Invalid() }`},
		{"a field called like an action", busSpec + do + `type Name struct { do string }`},
		{"a parameter called like an action", busSpec + do + `func Name(do string) string { return do }`},
		{"a variable called like an action", busSpec + do + `func Name() int { do := 1; return do }`},
		{"a method called like an action", busSpec + do + `type Name interface { do() }`},
		{"a field of another module's type", `import "example.test/other/uuid"; type Name struct { ID uuid.UUID }`},
		{"a helper", `import "strings"; func Name(s string) string { return strings.ToUpper(s) }`},
		{"the greater", `var Name = max(1, 2)`},
		{"what is appended", `var Name = append([]string{"a"}, "b")`},
		{"what a literal gives", `var Name = func() string { return "a" }()`},
		{"a digest", `import "crypto/sha256"; var Name = sha256.Sum256([]byte("a"))`},
		{"a function of bytes", `import "bytes"; var Name = bytes.TrimSpace([]byte("a"))`},
		{"a template", `import "text/template"; var Name = template.Must(template.New("a").Parse("b"))`},
		{"a method of a standard type", `import "strings"; var Name = strings.NewReplacer("a", "b").Replace("c")`},
		{"a counter", `import "sync/atomic"; var Name atomic.Int64`},
		{"a standard container of data", `import "sync/atomic"; type row struct { A int }; var Name atomic.Pointer[row]`},
		{"a standard container that nobody fills", `import "sync"; var Name sync.Map`},
		{"what is done once", `import "sync"; var once sync.Once; var n int; func Name() { once.Do(func() { n = 1 }) }`},
		{"what is sorted", `import "slices"; var list = slices.Sorted(slices.Values([]string{"b"})); func Name() []string { return list }`},
		{"a generic struct of data", `type Opt[T any] struct { V *T }; var Name = Opt[int]{}`},
		{"a generic function of data", `func of[T any](v T) *T { return &v }; var Name = of(1)`},
		{"a constant with a method", `type Mode int; const Name Mode = 1; var names = [...]string{"a", "b"}; func (m Mode) String() string { return names[m] }`},
		{"an error that a helper compares", `import "errors"` + "\n" + busSpec + do + `var Name = errors.New("none"); func Get() bool { do.Call(); return errors.Is(nil, Name) }`},
		{"a pattern that a helper matches", `import "regexp"` + "\n" + busSpec + do + `var Name = regexp.MustCompile("a"); func Get(s string) { do.Call(); Name.MatchString(s) }`},
		{"an assertion", busSpec + do + `type Name struct{}; type doer interface{ Do() }; type client struct{}; func (*client) Do() { do.Call() }; var _ doer = (*client)(nil); var _ doer = new(client)`},
		{"actions that are made when linked", `import "example.test/shop/shared/kit"` + "\n" + busSpec + do + `type Name struct{}; const prefix = "cc."; var Do = kit.Action(prefix + "do"); var made = kit.Documented(bus.NewAction[int, int]("cc.made"))`},
		{"a client that is made when linked", busSpec + "\n" + appsSpec + do + `type Name struct{}; type Client struct{ f func() }; var Default = newClient(); func newClient() *Client { return &Client{func() { do.Call(); appsapi.Execute.Call() }} }; var Bound = appsapi.Execute.With(do)`},
		{"a circle", `func Name() { other() }; func other() { Name() }`},
		{"a type that contains itself", `type Name struct { Next *Name }`},
	} {
		files := map[string]string{
			"services/cc/ccapi/cc.go": "package ccapi\n" + strings.ReplaceAll(test.text, "; ", "\n"),
			"services/svc/svc.go":     "package svc\n" + ccSpec + "\nfunc use() { ccapi.Name() }",
			"shared/kit/kit.go":       kitText,
		}
		if got := said(scanned(t, files)); got != "types cc" {
			t.Errorf("%s: %s, want types cc", test.name, got)
		}
	}
}

// A type is judged by the imports of its own file, whichever file has its methods.
func TestMethodsInAnotherFile(t *testing.T) {
	found := scanned(t, map[string]string{
		"services/cc/ccapi/a.go": "package ccapi\nfunc (row) Validate() {}",
		"services/cc/ccapi/b.go": "package ccapi\nimport \"time\"\ntype row struct { At time.Time }\nvar Name row",
		"services/svc/svc.go":    "package svc\n" + ccSpec + "\nvar _ = ccapi.Name",
	})
	if got := said(found); got != "types cc" {
		t.Errorf("%s, want types cc", got)
	}
}

// linkedCases are services that use or make another's action in all that they link.
var linkedCases = []struct {
	name, want string
	files      map[string]string
}{
	{"by name", "calls apps", map[string]string{"services/svc/x.go": "package svc\n" + busSpec + "\nfunc f() { bus.NewAction[int, int](\"apps.execute\").Call() }"}},
	{"an event by name", "listens apps", map[string]string{"services/svc/x.go": "package svc\n" + busSpec + "\nvar e = bus.NewEvent[int](\"apps.installed\")"}},
	{"its own by name", "", map[string]string{"services/svc/x.go": "package svc\n" + busSpec + "\nvar a = bus.NewAction[int, int](\"svc.do\")"}},
	{"by a name from a constant", "calls apps", map[string]string{"services/svc/x.go": "package svc\n" + busSpec + "\nconst name = \"apps\" + \".execute\"\nvar a = bus.NewAction[int, int](name)"}},
	{"a copy of the contract", "calls apps", map[string]string{
		"services/svc/x.go":                  "package svc\nimport \"example.test/shop/services/svc/internal/appsapi\"\nvar _ = appsapi.Execute",
		"services/svc/internal/appsapi/a.go": appsCopy,
	}},
	{"through a maker of its own", "calls apps", map[string]string{
		"services/svc/x.go": "package svc\n" + busSpec + "\nfunc action(name string) *bus.Action[int, int] { return bus.NewAction[int, int](name) }",
		"services/svc/y.go": "package svc\nvar _ = action(\"apps.execute\")",
	}},
	{"through a maker of a contract", "calls apps, calls cc", map[string]string{
		"services/svc/x.go":       "package svc\n" + ccSpec + "\nvar _ = ccapi.Make(\"apps.execute\")",
		"services/cc/ccapi/cc.go": "package ccapi\n" + busSpec + "\nfunc Make(name string) *bus.Action[int, int] { return bus.NewAction[int, int](name) }",
	}},
	{"a maker that is passed on", "foreign-name", map[string]string{
		"services/svc/x.go": "package svc\nimport \"example.test/shop/shared/kit\"\nvar make = kit.Action\nvar _ = make(\"apps.execute\")",
		"shared/kit/kit.go": "package kit\n" + busSpec + "\nfunc Action(name string) *bus.Action[int, int] { return bus.NewAction[int, int](name) }",
	}},
	{"the bus's own that is passed on", "foreign-name", map[string]string{
		"services/svc/x.go": "package svc\n" + busSpec + "\nvar make = bus.NewAction[int, int]\nvar _ = make(\"apps.execute\")",
	}},
	{"through a maker elsewhere", "calls apps", map[string]string{
		"services/svc/x.go": "package svc\nimport \"example.test/shop/shared/kit\"\nvar _ = kit.Action(\"apps.execute\")",
		"shared/kit/kit.go": "package kit\n" + busSpec + "\nfunc Action(name string) *bus.Action[int, int] { return bus.NewAction[int, int](name) }",
	}},
	{"a name that nobody can read", "foreign-name", map[string]string{
		"services/svc/x.go": "package svc\n" + busSpec + "\nfunc f(of func() string) { bus.NewAction[int, int](of()) }",
	}},
	{"a service that is not here", "foreign-name", map[string]string{
		"services/svc/x.go": "package svc\n" + busSpec + "\nvar a = bus.NewAction[int, int](\"gone.do\")",
	}},
	{"a package of the module", "calls apps", map[string]string{
		"services/svc/x.go":  "package svc\nimport \"example.test/shop/shared/pay\"\nvar _ = pay.Pay",
		"shared/pay/pay.go":  "package pay\nimport \"example.test/shop/shared/deep\"\nvar Pay = deep.Pay",
		"shared/deep/pay.go": "package deep\n" + appsSpec + "\nvar Pay = appsapi.Execute",
	}},
	{"a package of the module that imports a service", "boundary", map[string]string{
		"services/svc/x.go": "package svc\nimport \"example.test/shop/shared/pay\"\nvar _ = pay.Pay",
		"shared/pay/pay.go": "package pay\nimport \"example.test/shop/services/apps\"\nvar Pay = apps.Module",
	}},
	{"a misspelt action", "types apps, unknown-name", map[string]string{"services/svc/x.go": "package svc\n" + appsSpec + "\nvar _ = appsapi.Request{}\nvar _ = appsapi.Run"}},
	{"a variable that hides the import", "types apps", map[string]string{"services/svc/x.go": "package svc\n" + appsSpec + "\nvar _ appsapi.Request\nfunc f() { appsapi := g(); appsapi.Execute() }"}},
	{"a file with a tag that nobody sets", "calls apps", map[string]string{
		"services/svc/x.go":              "package svc\n" + appsSpec + "\nvar _ = appsapi.Execute",
		"services/apps/appsapi/tools.go": "//go:build tools\n\npackage tools",
	}},
	{"a file of the package documentation", "calls apps", map[string]string{
		"services/svc/x.go":            "package svc\n" + appsSpec + "\nvar _ = appsapi.Execute",
		"services/apps/appsapi/zzz.go": "package documentation",
	}},
	{"a contract of two packages", "calls apps, package-clause", map[string]string{
		"services/svc/x.go":            "package svc\n" + appsSpec + "\nvar _ = appsapi.Execute",
		"services/apps/appsapi/zzz.go": "package other",
	}},
}

// appsCopy is a copy of the contract of apps.
const appsCopy = "package appsapi\n" + busSpec + "\nvar Execute = bus.NewAction[int, int](\"apps.execute\")"

// An action of another service counts wherever it is made or used.
func TestEdgesOfEverythingThatIsLinked(t *testing.T) {
	for _, test := range linkedCases {
		if got := said(scanned(t, test.files)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A file counts when some platform links it, as the go command and gazelle have it.
func TestWhichFilesCount(t *testing.T) {
	for _, test := range []struct {
		constraint string
		linked     bool
	}{
		{"", true},
		{"//go:build linux", true},
		{"//go:build !windows && (amd64 || arm64.v8.0) && cgo", true},
		{"//go:build race || go1.21", true},
		{"//go:build !go1.99", true},
		{"//go:build ignore", false},
		{"//go:build tools", false},
		{"//go:build !tools", true},
		{"//go:build linux && integration", false},
		{"//go:build linux || integration", true},
		{"//go:build !(linux || integration)", true},
		{"//go:build !(linux && !integration)", true},
		{"// +build tools", false},
		{"// +build tools\npackage x\nvar Module = 1\n//", true}, // the comment of the package clause
		{"package documentation\nvar Module = 1\n//", false},
		{"// +build linux tools", true},
		{"// +build linux\n// +build tools", false},
		{"//go:build linux\n// +build tools", true},
		{"//go:build linux &", true}, // which the compiler reports
	} {
		text := test.constraint + "\n\npackage x\nvar Module = 1\n"
		if strings.Contains(test.constraint, "package") {
			text = test.constraint
		}
		s := tree(map[string]string{"services/x/x.go": text})
		found, err := s.Services()
		if err != nil || len(found) != 1 || found[0].Module != test.linked {
			t.Errorf("%s: %v, %v; want linked %t", test.constraint, found, err, test.linked)
		}
	}
}
