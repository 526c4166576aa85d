package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// wide is a node whose service has so many actions.
func wide(t testing.TB, url string, actions int) *bus.Node {
	t.Helper()
	return newNode(t, url, func(n *bus.Node) {
		for i := range actions {
			a := bus.NewAction[cart, total](fmt.Sprintf("oracle.action%d", i)).Doc("adds up").Example(cartOf(3))
			a.Handle(n.View("oracle"), func(context.Context, cart) (total, error) { return total{}, nil })
		}
	})
}

// However many actions a service has, discovery lists as much of them as one message has
// room for, and says what is left out.
func TestDiscoveryOfManyActions(t *testing.T) {
	for _, c := range []struct {
		actions, payload, listed int
		left                     string
	}{
		{100, 1 << 20, 100, ""},
		{1000, 1 << 20, 1000, "schemas and examples"},
		{2000, 1 << 20, 2000, "schemas and examples"},
		{2000, 256 << 10, 2000, "what the actions are"},
		{2000, 64 << 10, 500, "all but the first 500 of 2000 actions"},
	} {
		s := testnats.Start(t, func(o *server.Options) { o.MaxPayload = int32(c.payload) })
		wide(t, s.URL(), c.actions)
		nc := client(t, s)
		for _, subject := range []string{"$SRV.INFO", "$SRV.INFO.oracle"} {
			var info micro.Info
			fetchLarge(t, nc, subject, &info)
			if len(info.Endpoints) != c.listed || !strings.HasPrefix(info.Metadata[leftOut], c.left) || (c.left == "") != (info.Metadata[leftOut] == "") {
				t.Errorf("%d actions in %d bytes: %d are listed, left out: %s", c.actions, c.payload, len(info.Endpoints), info.Metadata[leftOut])
			}
		}
		var stats micro.Stats
		fetchLarge(t, nc, "$SRV.STATS.oracle", &stats)
		if len(stats.Endpoints) == 0 || len(stats.Endpoints) < c.listed/2 {
			t.Errorf("%d actions in %d bytes: there are statistics of %d", c.actions, c.payload, len(stats.Endpoints))
		}
	}
}

// fetchLarge is fetch for an answer that takes a while to write on a busy machine.
func fetchLarge(t *testing.T, nc *nats.Conn, subject string, into any) {
	t.Helper()
	msg, err := nc.Request(subject, nil, 20*time.Second)
	if err == nil {
		err = json.Unmarshal(msg.Data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", subject, err)
	}
}

// A service costs the process two goroutines and four subscriptions, and what is for all
// services it costs once.
func TestSubscriptionsOfManyServices(t *testing.T) {
	s := testnats.Start(t)
	nc := client(t, s)
	if _, err := nc.Request("nobody", nil, time.Second); !errors.Is(err, nats.ErrNoResponders) {
		t.Fatal(err) // from now on it has the subscription for all its answers
	}
	serving := func(services int) (subscriptions, goroutines int) {
		before, were := int(s.NumSubscriptions()), runtime.NumGoroutine()
		n := newNode(t, s.URL(), func(n *bus.Node) {
			for i := range services {
				name := fmt.Sprintf("s%d", i)
				bus.NewAction[question, reading](name+".ask").Handle(n.View(name), named(name))
			}
		})
		subscriptions, goroutines = int(s.NumSubscriptions())-before, runtime.NumGoroutine()-were
		for _, i := range []int{0, services - 1} {
			var ping micro.Ping
			fetch(t, nc, fmt.Sprintf("$SRV.PING.s%d", i), &ping)
			if ping.Name != fmt.Sprintf("s%d", i) {
				t.Errorf("asked for s%d, found %s", i, ping.Name)
			}
		}
		if err := errors.Join(n.Drain(t.Context()), n.Close(t.Context())); err != nil {
			t.Fatal(err)
		}
		until(t, "its subscriptions are gone", func() bool { return int(s.NumSubscriptions()) <= before })
		return subscriptions, goroutines
	}
	const many = 100
	one, few := serving(1)
	all, lots := serving(many + 1)
	t.Logf("FIGURE bus.nats.services per_service_subscriptions=%.2f per_service_goroutines=%.2f", float64(all-one)/many, float64(lots-few)/many)
	if all-one != 4*many || lots-few > 2*many+many/10 {
		t.Errorf("%d more services take %d more subscriptions and %d more goroutines", many, all-one, lots-few)
	}
}

// A node of very many services is seen, with all of them.
func TestManyServicesAreSeen(t *testing.T) {
	const services = 1200
	s := testnats.Start(t)
	watcher := newNode(t, s.URL(), nil)
	began := time.Now()
	newNode(t, s.URL(), func(n *bus.Node) {
		for i := range services {
			name := fmt.Sprintf("service-of-many-%d", i)
			bus.NewAction[question, reading](name+".ask").Handle(n.View(name), named(name))
		}
	})
	t.Logf("FIGURE bus.nats.start services=%d ms=%d", services, time.Since(began).Milliseconds())
	until(t, "all are seen", func() bool { p := watcher.Peers(); return len(p) == 1 && len(p[0].Services) == services })
}

// Everybody who is there answers who asks for all.
func TestAllServicesAnswer(t *testing.T) {
	s := testnats.Start(t)
	newNode(t, s.URL(), func(n *bus.Node) {
		newOracle(n)
		sum.Handle(n.View("till"), add)
	})
	nc := client(t, s)
	inbox := nc.NewInbox()
	answers, err := nc.SubscribeSync(inbox)
	if err := errors.Join(err, nc.PublishRequest("$SRV.PING", inbox, nil)); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for range 2 {
		msg, err := answers.NextMsg(3 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"oracle", "till"} {
			found[name] = found[name] || strings.Contains(string(msg.Data), `"name":"`+name+`"`)
		}
	}
	if !found["oracle"] || !found["till"] {
		t.Errorf("found %v", found)
	}
}

// A service that is released while NATS is away starts, says so, and is reachable when it
// is back.
func TestReleaseWhileNATSIsAway(t *testing.T) {
	s := testnats.Start(t)
	var log transcript
	n := newNode(t, s.URL(), func(n *bus.Node) {
		newOracle(n)
		n.Hold("oracle")
	}, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	shop := newNode(t, s.URL(), nil).View("shop")
	s.Stop()
	until(t, "the loss is noticed", func() bool { return !n.Connected() })
	began := time.Now()
	if err := n.Release("oracle"); err != nil || time.Since(began) > flushTime/2 {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
	if !strings.Contains(log.String(), "NATS is not connected") {
		t.Errorf("logged %s", log.String())
	}
	s.Restart()
	until(t, "it is reachable", func() bool {
		_, err := ask.Call(t.Context(), shop, question{})
		return err == nil
	})
}

// A server that does not confirm is named as what it is.
func TestUnconfirmedSubscriptionIsExplained(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a confirmation that does not come")
	}
	s := testnats.Start(t)
	proxy := testnats.NewProxy(t, strings.TrimPrefix(s.URL(), "nats://"))
	n := newNode(t, proxy.URL(), func(n *bus.Node) {
		newOracle(n)
		n.Hold("oracle")
	}, func(c *Config) { c.PingInterval = time.Minute })
	proxy.Hold()
	err := n.Release("oracle")
	proxy.Release()
	if err == nil || !strings.Contains(err.Error(), "did not confirm the subscriptions of oracle") {
		t.Errorf("got %v", err)
	}
}

// Names that somebody makes up take nothing from callers that exist.
func TestInventedCallersTakeNoNames(t *testing.T) {
	s := testnats.Start(t)
	callee := newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	nc := client(t, s)
	for i := range 2 * maxCallers {
		msg := &nats.Msg{Subject: "platform.oracle.ask", Header: envelope{caller: fmt.Sprintf("invented%d", i), requestID: "r"}.header(), Data: []byte(`{}`)}
		if _, err := nc.RequestMsg(msg, 3*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	till := newNode(t, s.URL(), func(n *bus.Node) { sum.Handle(n.View("till"), add) })
	knowsInstances(t, callee, "till", 1)
	if _, err := ask.Call(t.Context(), till.View("till"), question{}); err != nil {
		t.Fatal(err)
	}
	callers := map[string]bool{}
	for _, e := range callee.Stats() {
		callers[e.Caller] = true
	}
	if !callers["till"] || !callers[stranger] || len(callers) > maxCallers+2 {
		t.Errorf("%d callers are counted, till %v, strangers %v", len(callers), callers["till"], callers[stranger])
	}
}
