package services_test

import (
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A service has one file per noun, of the same name in its contract, its handlers, its
// domain and its tests, so that who knows one knows where everything is. These files are
// about no noun:
var (
	fixedFiles = []string{"README.md", "config.go", "doc.go", "module.go", "service.go"} // of every service
	apiFiles   = []string{"doc.go", "errors.go"}                                         // of every contract
	// optional are hears.go, the events that a service listens to, and events.go of a
	// contract, those it has.
	optional = []string{"events.go", "hears.go"}
	// testFiles need no file to be about: what tests share, and what shows or measures all.
	testFiles = []string{"bench", "contract", "example", "fixture", "main"}
)

// longestHandler is in lines: a longer one has domain code in it.
const longestHandler = 20

// house is one service as its files are called.
type house struct {
	dir, contract string   // "services/pricing", "services/pricing/pricingapi"
	nouns         []string // of the contract
	found         []string
}

func (h *house) report(format string, args ...any) {
	h.found = append(h.found, fmt.Sprintf(format, args...))
}

// nounViolations compares the nouns of each service.
func nounViolations(t *testing.T, tree fs.FS) (found []string) {
	t.Helper()
	for _, entry := range list(t, tree, "services") {
		if !entry.IsDir() || entry.Name() == "testdata" {
			continue
		}
		h := &house{dir: path.Join("services", entry.Name())}
		h.contract = path.Join(h.dir, entry.Name()+"api")
		h.compareFiles(t, tree)
		h.compareConstructor(t, tree)
		h.compareHandlers(t, tree)
		h.compareDomain(t, tree)
		found = append(found, h.found...)
	}
	return found
}

// compareFiles wants the same nouns in contract, handlers and tests.
func (h *house) compareFiles(t *testing.T, tree fs.FS) {
	t.Helper()
	api, _ := contents(t, tree, h.contract)
	files, dirs := contents(t, tree, h.dir)
	for _, missing := range without(apiFiles, api) {
		h.report("%s: %s is missing: every contract has %s", h.contract, missing, strings.Join(apiFiles, ", "))
	}
	for _, missing := range without(fixedFiles, files) {
		h.report("%s: %s is missing: every service has %s", h.dir, missing, strings.Join(fixedFiles, ", "))
	}
	for _, extra := range without(dirs, []string{path.Base(h.contract), "internal", "testdata"}) {
		h.report("%s: the folder %s is one too many: a service has its contract and internal/, where nobody else can import it", h.dir, extra)
	}
	h.nouns = without(without(api, apiFiles), optional)
	handlers := without(without(files, fixedFiles), optional)
	for _, missing := range without(h.nouns, handlers) {
		h.report("%s: %s is missing: the contract has this noun, and its handlers belong into a file of the same name", h.dir, missing)
	}
	for _, extra := range without(handlers, h.nouns) {
		h.report("%s: %s is about no noun of the contract: give the contract a file of the same name, or put it into a package below internal/", h.dir, extra)
	}
	h.compareTests(t, tree, h.dir, h.nouns)
}

// compareTests wants a test for each of the nouns, and each test file in a folder to be
// about a file there; pricing_rounding_test.go is about pricing.go.
func (h *house) compareTests(t *testing.T, tree fs.FS, dir string, nouns []string) {
	t.Helper()
	files, _ := contents(t, tree, dir)
	for _, noun := range nouns {
		if test := strings.TrimSuffix(noun, ".go") + "_test.go"; !exists(tree, path.Join(dir, test)) {
			h.report("%s: %s is missing: each noun has its tests in a file of the same name", dir, test)
		} else if !hasTest(t, tree, path.Join(dir, test)) {
			h.report("%s: %s has no test: each noun has its own", dir, test)
		}
	}
	for _, entry := range list(t, tree, dir) {
		noun, _, _ := strings.Cut(entry.Name(), "_")
		if strings.HasSuffix(entry.Name(), "_test.go") && !slices.Contains(files, noun+".go") && !slices.Contains(testFiles, noun) {
			h.report("%s: %s is about no file: name it after the noun that it tests", dir, entry.Name())
		}
	}
}

// hasTest reports whether a file has a test, an example or a benchmark.
func hasTest(t *testing.T, tree fs.FS, name string) bool {
	t.Helper()
	file, _ := parsed(t, tree, name)
	return slices.ContainsFunc(file.Decls, func(declared ast.Decl) bool {
		f, ok := declared.(*ast.FuncDecl)
		return ok && f.Recv == nil && testName.MatchString(f.Name.Name)
	})
}

var testName = regexp.MustCompile(`^(Test|Fuzz|Example|Benchmark)($|\P{Ll})`)

// compareDomain wants every package below internal/ to share a noun with the contract, by
// its own name or by that of a file, and what is shared to be tested there too.
func (h *house) compareDomain(t *testing.T, tree fs.FS) {
	t.Helper()
	_, packages := contents(t, tree, path.Join(h.dir, "internal"))
	for _, name := range packages {
		dir := path.Join(h.dir, "internal", name)
		files, _ := contents(t, tree, dir)
		shared := slices.DeleteFunc(without(files, apiFiles), func(file string) bool { return !h.has(strings.TrimSuffix(file, ".go")) })
		if len(shared) == 0 && !h.has(name) {
			h.report("%s: has no noun of the contract, in its name or in that of a file: domain and store are called as the contract calls things", dir)
		}
		h.compareTests(t, tree, dir, shared)
	}
}

// has reports whether the contract has a noun, in the singular or the plural.
func (h *house) has(noun string) bool {
	return slices.ContainsFunc(h.nouns, func(file string) bool {
		return strings.TrimSuffix(strings.TrimSuffix(file, ".go"), "s") == strings.TrimSuffix(noun, "s")
	})
}

// compareConstructor wants one shape of New, so that what it is given has names where it
// is called.
func (h *house) compareConstructor(t *testing.T, tree fs.FS) {
	t.Helper()
	if files, _ := contents(t, tree, h.dir); !slices.Contains(files, "service.go") {
		return // it is reported as missing
	}
	file, _ := parsed(t, tree, path.Join(h.dir, "service.go"))
	for _, declared := range file.Decls {
		if f, ok := declared.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "New" && len(f.Type.Params.List) == 1 {
			if of, ok := f.Type.Params.List[0].Type.(*ast.Ident); ok && of.Name == "Params" {
				return
			}
		}
	}
	h.report("%s/service.go: has no New(p Params): what a service is made of are the fields of one struct", h.dir)
}

// compareHandlers wants New in service.go to be the table of contents, and the method
// that handles an action in the file of the noun that declares it.
func (h *house) compareHandlers(t *testing.T, tree fs.FS) {
	t.Helper()
	nounOf, methods := map[string]string{}, map[string]method{}
	files, _ := contents(t, tree, h.contract)
	for _, name := range goFiles(files) {
		for _, d := range declarations(t, tree, path.Join(h.contract, name)) {
			nounOf[d.variable] = name
		}
	}
	files, _ = contents(t, tree, h.dir)
	for _, name := range goFiles(files) {
		maps.Copy(methods, methodsOf(t, tree, path.Join(h.dir, name)))
	}
	for _, name := range goFiles(files) {
		for _, r := range registered(t, tree, path.Join(h.dir, name), path.Base(h.contract)) {
			h.compareHandler(name, r, nounOf, methods[r.method])
		}
	}
}

func (h *house) compareHandler(file string, r registration, nounOf map[string]string, is method) {
	home := nounOf[r.variable]
	if r.event {
		home = "hears.go"
	}
	switch {
	case file != "service.go":
		h.report("%s/%s: %s is handled here: New in service.go is where a reader looks for all of them", h.dir, file, r.variable)
	case home != "" && is.file != home:
		h.report("%s: %s handles %s and stands in %s: its place is %s", h.dir, r.method, r.variable, is.file, home)
	case is.lines > longestHandler:
		h.report("%s/%s: %s has %d lines, and a handler at most %d: load, ask the domain, save, answer", h.dir, is.file, r.method, is.lines, longestHandler)
	}
}

// registration is contract.Variable.Handle(b, s.method), or .Subscribe.
type registration struct {
	variable, method string
	event            bool
}

// registered are those of a file: of the service's own actions, and of all events.
func registered(t *testing.T, tree fs.FS, name, contract string) (found []registration) {
	t.Helper()
	file, _ := parsed(t, tree, name)
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		verb, of, pkg := selected(call.Fun)
		method, _, _ := selected(call.Args[1])
		if event := verb == "Subscribe"; method != "" && (event || verb == "Handle" && pkg == contract) {
			found = append(found, registration{of, method, event})
		}
		return true
	})
	return found
}

// selected takes pkg.Of.Name, or Of.Name, apart.
func selected(expr ast.Expr) (name, of, pkg string) {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return "", "", ""
	}
	name = selector.Sel.Name
	switch x := selector.X.(type) {
	case *ast.Ident:
		return name, x.Name, ""
	case *ast.SelectorExpr:
		of, pkg, _ = selected(x)
	}
	return name, of, pkg
}

// method is where one is declared, and how long it is.
type method struct {
	file  string
	lines int
}

func methodsOf(t *testing.T, tree fs.FS, name string) map[string]method {
	t.Helper()
	file, positions := parsed(t, tree, name)
	found := map[string]method{}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil {
			lines := positions.Position(f.End()).Line - positions.Position(f.Pos()).Line + 1
			found[f.Name.Name] = method{path.Base(name), lines}
		}
	}
	return found
}

func goFiles(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return path.Ext(name) != ".go" })
}

func exists(tree fs.FS, name string) bool {
	_, err := fs.Stat(tree, name)
	return err == nil
}
