package services_test

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// Every action, and every event that may leave its process, is compared with what was
// recorded of it: see package contracttest.
func TestEveryContractIsRecorded(t *testing.T) {
	files, err := filepath.Glob("*/*api/testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, file := range files {
		left[filepath.ToSlash(file)] = true
	}
	records, mistakes := recordsOf(t, os.DirFS("."))
	for _, mistake := range mistakes {
		t.Error(mistake)
	}
	for _, record := range records {
		delete(left, record)
	}
	for file := range left {
		if len(mistakes) == 0 { // else it may be the record of what was named above
			t.Errorf("services/%s is the record of no action and of no event: delete it if what it was of is gone", file)
		}
	}
}

// Who calls an action uses the value that its contract declares, so that the compiler
// refuses one that does not exist; and each that is declared is served.
//
// Proves: B20
func TestActionsAreNamedByTheirContractsOnly(t *testing.T) {
	tree := os.DirFS(".")
	for _, name := range sources(t, tree, ".") {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range []string{".CallJSON(", ".Dispatch("} {
			if strings.Contains(string(source), way) {
				t.Errorf("%s calls an action by a text, which nothing checks: %s", name, way)
			}
		}
	}
	for _, mistake := range unserved(t, tree) {
		t.Error(mistake)
	}
}

// A declared action that no service handles is found, and so is one that another
// service handles in its place.
func TestUnservedActionsAreFound(t *testing.T) {
	tree := fstest.MapFS{
		"shop/shopapi/actions.go": {Data: []byte("package shopapi\n" +
			"var Buy = bus.NewAction[string, string](`shop.buy`)\n" +
			"var Sell = bus.NewAction[string, string](`shop.sell`)\n")},
		"shop/service.go": {Data: []byte("package shop\nfunc New() { shopapi.Buy.Handle(b, s.buy) }\n")},
		"bank/service.go": {Data: []byte("package bank\nfunc New() { shopapi.Sell.Handle(b, s.sell) }\n")},
	}
	got := strings.Join(unserved(t, tree), "\n")
	want := "shop/shopapi/actions.go:3:12: shop.sell is declared and services/shop does not serve it: say shopapi.Sell.Handle(b, …) in its New"
	if got != want {
		t.Errorf("found\n%s\nwant\n%s", got, want)
	}
}

// What the bus finds wrong in a contract is named by a path that opens from the root, as
// the generator names it.
func TestPositionsOpenFromTheRoot(t *testing.T) {
	node := bus.NewNode(bus.Options{})
	pricingapi.GetAllDiscounts.Handle(node.View("pricing"), nil)
	bus.NewAction[int, int]("pricing.getAllDiscounts").Handle(node.View("pricing"), nil)
	positions := regexp.MustCompile(`[^ ]+\.go:\d+`).FindAllString(node.Check().Error(), -1)
	if !slices.ContainsFunc(positions, func(at string) bool { return strings.HasPrefix(at, "services/pricing/pricingapi/") }) {
		t.Errorf("the contract is not among the positions %q", positions)
	}
	for _, at := range positions {
		if file, _, _ := strings.Cut(at, ":"); !exists(os.DirFS(".."), file) {
			t.Errorf("there is no %s", file)
		}
	}
}

// unserved lists the actions that the service of their contract does not handle.
func unserved(t *testing.T, tree fs.FS) (mistakes []string) {
	t.Helper()
	for _, d := range allDeclarations(t, tree) {
		if d.kind != "Action" || d.variable == "" {
			continue // the latter is a mistake of its own
		}
		contract := path.Base(path.Dir(d.at.Filename))
		service := path.Dir(path.Dir(d.at.Filename))
		if !handles(t, tree, service, contract, d.variable) {
			mistakes = append(mistakes, fmt.Sprintf("%s: %s is declared and services/%s does not serve it: say %s.%s.Handle(b, …) in its New",
				d.at, d.name, service, contract, d.variable))
		}
	}
	return mistakes
}

// handles reports whether a file below dir has the call contract.variable.Handle(…).
func handles(t *testing.T, tree fs.FS, dir, contract, variable string) (found bool) {
	t.Helper()
	for _, name := range sources(t, tree, dir) {
		file, _ := parsed(t, tree, name)
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			found = found || ok && method.Sel.Name == "Handle" && selects(method.X, contract, variable)
			return true
		})
	}
	return found
}

// A service that was made without a handler for an action of its contract does not run,
// in a process and in a test: its callers would be refused for a reason that is not its own.
func TestForgottenHandlersEndTheStart(t *testing.T) {
	type params struct{ Bus *bus.Bus }
	forgetful := service.Module[*struct{}]("pricing", func(params) (*struct{}, error) { return nil, nil })
	result := bustest.Trial(func(t testing.TB) { servicetest.Start(t, forgetful) })
	for _, want := range []string{"services/pricing/pricingapi/", "pricing.getAllDiscounts is declared and pricing has no handler for it: say its Handle(p.Bus, …) in New"} {
		if !result.Failed || !strings.Contains(result.String(), want) {
			t.Errorf("the test of a service without handlers logs %s, want %q", result, want)
		}
	}
	node, _ := openShop(t)
	if err := node.Unhandled("pricing"); err != nil {
		t.Errorf("of a whole service: %v", err)
	}
}
