package servicetest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const tree = `
-- go.mod --
module example.com/shop

go 1.26
-- services/stock/stockapi/actions.go --
package stockapi

import "example.com/bus"

var (
	Count = bus.NewAction[string, int]("stock.count").Doc("counts")
	Fast  = Count.With(bus.Timeout(1))
	Moved = bus.NewEvent[string]("stock.moved")
)

type Item struct{}

func Road() Item { return new(Fast) }

func (Item) Count() { _ = Count }
-- services/carts/cartsapi/actions.go --
package cartsapi

import "example.com/bus"

var Get, List = bus.NewAction[string, int]("carts.get"), bus.NewAction[string, int]("carts.list")
-- services/orders/ordersapi/actions.go --
package ordersapi

import "example.com/bus"

var Order = bus.NewAction[string, int]("orders.order")
-- services/orders/service.go --
package orders

import (
	carts "example.com/shop/services/carts/cartsapi"
	"example.com/shop/services/orders/ordersapi"
	"example.com/shop/services/stock/stockapi"
)

var (
	_ = ordersapi.Order
	_ = stockapi.Item{}
	_ = stockapi.Moved
	_ = carts.List
)
-- services/roads/service.go --
package roads

import "example.com/shop/services/stock/stockapi"

var _ = stockapi.Road()
-- services/orders/internal/deep/deep.go --
package deep

import "example.com/shop/services/stock/stockapi"

var _, _ = stockapi.Fast, stockapi.Count
-- services/orders/internal/deep/deep_test.go --
package deep

import carts "example.com/shop/services/carts/cartsapi"

var _ = carts.Get
-- services/orders/testdata/broken.go --
no Go
-- services/careful/service.go --
package careful

import "example.com/shop/services/stock/stockapi" //orchestrator:optional it can do without

var _ = stockapi.Count
-- services/broken/service.go --
no Go
-- services/lost/service.go --
package lost

import "example.com/shop/services/nowhere/nowhereapi"

var _ = nowhereapi.Count
`

// plant writes the tree, and gives its root.
func plant(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(tree)).Files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestCallsAreReadFromTheSource(t *testing.T) {
	root := plant(t)
	for service, want := range map[string][]use{
		"orders": {
			{"carts.list", "carts.List", "services/orders/service.go:13:6"},
			{"stock.count", "stockapi.Fast", "services/orders/internal/deep/deep.go:5:12"},
		},
		"roads":   {{"stock.count", "stockapi.Road", "services/roads/service.go:5:9"}},
		"careful": {},
	} {
		got, err := callsOf(service, filepath.Join(root, "services", service, "service.go"))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s calls %+v, %v; want %+v", service, got, err, want)
		}
	}
}

func TestSourceThatCannotBeRead(t *testing.T) {
	root := plant(t)
	for file, says := range map[string]string{
		"":                                   "no constructor",
		"/trimmed/nowhere.go":                "its source is not here",
		root + "/services/broken/service.go": "expected 'package'",
		root + "/services/lost/service.go":   "no such file",
	} {
		if _, err := callsOf("x", file); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", file, err, says)
		}
	}
}

// With -trimpath the compiler names no folder of this machine.
func TestTrimmedSourceIsLookedForInTheTestsFolder(t *testing.T) {
	t.Chdir(filepath.Join(plant(t), "services", "orders"))
	got, err := callsOf("orders", "example.com/shop/services/orders/service.go")
	if err != nil || len(got) != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
}
