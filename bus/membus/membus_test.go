package membus_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type methods struct{ Codes []string }

var (
	execute  = bus.NewAction[struct{ Domain string }, methods]("apps.execute")
	payments = bus.NewAction[struct{}, methods]("payments.getPaymentMethods")
)

func shop() *bus.Node {
	node := membus.New(bus.Options{})
	execute.Handle(node.View("apps"), func(_ context.Context, req struct{ Domain string }) (methods, error) {
		return methods{[]string{req.Domain + "-1"}}, nil
	})
	view := node.View("payments")
	payments.Handle(view, func(ctx context.Context, _ struct{}) (methods, error) {
		return execute.Call(ctx, view, struct{ Domain string }{"payments"})
	})
	return node
}

// Proves: B1
func TestServicesCallEachOtherWithoutAnyListener(t *testing.T) {
	node := shop()
	if err := node.Check(); err != nil {
		t.Fatal(err)
	}
	if err := node.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	res, err := payments.Call(t.Context(), node.View("test"), struct{}{})
	if err != nil || len(res.Codes) != 1 || res.Codes[0] != "payments-1" {
		t.Fatalf("got %v, %v", res, err)
	}
	open, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(open) == 0 {
		t.Skip("this system does not show the files of a process")
	}
	for _, fd := range open {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:") {
			t.Errorf("%s is a socket", fd)
		}
	}
}

func TestStopsInOrder(t *testing.T) {
	node := shop()
	for name, f := range map[string]func(context.Context) error{"drain": node.Drain, "close": node.Close} {
		if err := f(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Proves: B7
func TestNobodyElseIsReached(t *testing.T) {
	node := shop()
	missing := bus.NewAction[struct{}, struct{}]("apps.missing")
	nowhere := bus.NewAction[struct{}, struct{}]("orders.create")
	if _, err := missing.Call(t.Context(), node.View("test"), struct{}{}); bus.CodeOf(err) != bus.Unimplemented ||
		!strings.Contains(err.Error(), "apps.missing") {
		t.Errorf("a missing action: %v", err)
	}
	if _, err := nowhere.Call(t.Context(), node.View("test"), struct{}{}); bus.CodeOf(err) != bus.Unavailable ||
		!strings.Contains(err.Error(), "orders.create") {
		t.Errorf("a service that is nowhere: %v", err)
	}
}

func TestSettingsThatMeanMemory(t *testing.T) {
	for _, address := range []string{"", "null", "memory"} {
		if tr, err := membus.Transport.Open(bus.TransportSettings{Address: address}); err != nil || tr.Name() != membus.Transport.Name {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := membus.Transport.Open(bus.TransportSettings{Address: "nats://localhost"}); err == nil || !strings.Contains(err.Error(), "nats://localhost") {
		t.Errorf("another transport: %v", err)
	}
}
