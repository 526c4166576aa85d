package natsbus

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// allowed are permissions to publish and subscribe to all but some subjects.
func allowed(noPublish, noSubscribe string) *server.Permissions {
	all := func(without string) *server.SubjectPermission {
		p := &server.SubjectPermission{Allow: []string{">"}}
		if without != "" {
			p.Deny = []string{without}
		}
		return p
	}
	return &server.Permissions{Publish: all(noPublish), Subscribe: all(noSubscribe)}
}

func withUser(permissions *server.Permissions) func(*server.Options) {
	return func(o *server.Options) {
		o.Users = []*server.User{{Username: "u", Password: "p", Permissions: permissions}}
	}
}

func asUser(s *testnats.Server) string {
	return strings.Replace(s.URL(), "nats://", "nats://u:p@", 1)
}

// Who calls what its account may not publish to must not wait for its deadline.
func TestDeniedPublishingFailsImmediately(t *testing.T) {
	s := testnats.Start(t, withUser(allowed("platform.*.ask", "")))
	shop := newNode(t, asUser(s), nil).View("shop")
	began := time.Now()
	_, err := ask.With(bus.Timeout(time.Hour)).Call(t.Context(), shop, question{})
	if bus.CodeOf(err) != bus.PermissionDenied || !strings.Contains(err.Error(), "platform.oracle.ask") {
		t.Errorf("calling: %v after %s", err, time.Since(began))
	}
	if _, err := refuse.Call(t.Context(), shop, question{}); bus.CodeOf(err) != bus.Unavailable {
		t.Errorf("another action of the service, which nobody runs: %v", err)
	}
}

func TestDeniedFlushedEventsFail(t *testing.T) {
	s := testnats.Start(t, withUser(allowed("platform.events.>", "")))
	shop := newNode(t, asUser(s), nil).View("orders")
	err := created.Flushed().Emit(t.Context(), shop, order{Number: 1})
	if bus.CodeOf(err) != bus.PermissionDenied || !strings.Contains(err.Error(), "platform.events.orders.created") {
		t.Errorf("emitting: %v", err)
	}
	if err := created.Flushed().Broadcast(t.Context(), shop, order{Number: 1}); err != nil {
		t.Errorf("broadcasting, which is allowed: %v", err)
	}
}

// A service that nobody can reach, or that would hear nothing, must not become ready.
func TestDeniedSubscriptionsEndTheStart(t *testing.T) {
	for denied, names := range map[string]string{
		"_INBOX.>":              "_INBOX.",
		"platform.oracle.>":     "platform.oracle.>",
		"platform.events.>":     "platform.events.orders.created",
		"platform.broadcasts.>": "platform.broadcasts.orders.created",
	} {
		t.Run(denied, func(t *testing.T) {
			s := testnats.Start(t, withUser(allowed("", denied)))
			n, _ := build(t, Config{URL: asUser(s), Logger: slog.New(slog.DiscardHandler)}, bus.Options{}, func(n *bus.Node) {
				newOracle(n)
				created.Subscribe(n.View("oracle"), func(context.Context, order) error { return nil })
			})
			err := n.Start(t.Context())
			if bus.CodeOf(err) != bus.PermissionDenied || !strings.Contains(err.Error(), names) {
				t.Errorf("started: %v", err)
			}
		})
	}
}

// Permissions that are taken away while a process runs make it not ready, until
// they are given again.
func TestReadinessFollowsPermissions(t *testing.T) {
	s := testnats.Start(t, withUser(allowed("", "")))
	n := newNode(t, asUser(s), func(n *bus.Node) { newOracle(n) }, func(c *Config) { c.Logger = slog.New(slog.DiscardHandler) })
	if !n.Connected() {
		t.Fatal("not connected")
	}
	for _, denied := range []string{"platform.oracle.>", ""} {
		s.Stop()
		until(t, "the loss is noticed", func() bool { return !n.Connected() })
		s.Change(withUser(allowed("", denied)))
		s.Restart()
		until(t, "ready is "+denied, func() bool { return n.Connected() == (denied == "") && s.NumClients() > 0 })
	}
}

// A password that is changed on the server first, and on this side later.
func TestRefusedCredentialsAreTriedAgain(t *testing.T) {
	s := testnats.Start(t, withUser(nil))
	var log transcript
	n := newNode(t, asUser(s), func(n *bus.Node) { newOracle(n) }, func(c *Config) {
		c.RetryWait = shortest
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	change := func(password string) {
		s.Stop()
		s.Change(func(o *server.Options) { o.Users = []*server.User{{Username: "u", Password: password}} })
		s.Restart()
	}
	change("another")
	until(t, "refused five times", func() bool {
		return strings.Count(log.String(), "refuses this process") >= 5 && !n.Connected()
	})
	change("p")
	until(t, "connected", n.Connected)
	shop := newNode(t, asUser(s), nil).View("shop")
	if _, err := ask.Call(t.Context(), shop, question{Text: "x"}); err != nil {
		t.Error(err)
	}
}

// A server may advertise any address; no credentials go there that would be refused if
// it stood in the configuration.
func TestAdvertisedServersAreNotDialledInPlaintext(t *testing.T) {
	clustered := func(o *server.Options) {
		o.Cluster = server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: server.RANDOM_PORT}
	}
	s := testnats.Start(t, clustered)
	other := testnats.Start(t, clustered, func(o *server.Options) {
		o.ClientAdvertise = "192.0.2.1:4222"
		o.Routes = []*url.URL{{Scheme: "nats", Host: s.ClusterAddr().String()}}
	})
	testnats.Cluster{s, other}.Await(t)
	var log transcript
	n := newNode(t, s.URL(), nil, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	s.Stop()
	until(t, "it is refused", func() bool { return strings.Contains(log.String(), "advertises 192.0.2.1:4222") })
	s.Restart()
	until(t, "connected", n.Connected)
	for _, row := range []struct {
		address string
		config  Config
		may     bool
	}{
		{"127.0.0.1:4222", Config{URL: "nats://127.0.0.1"}, true},
		{"[::1]:4222", Config{URL: "nats://127.0.0.1"}, true},
		{"192.0.2.1:4222", Config{URL: "nats://127.0.0.1"}, false},
		{"192.0.2.1:4222", Config{URL: "nats://127.0.0.1", AllowPlaintext: true}, true},
		{"192.0.2.1:4222", Config{URL: "nats://127.0.0.1,tls://192.0.2.1"}, true},
		{"192.0.2.1", Config{URL: "nats://127.0.0.1"}, false},
	} {
		row.config.Logger = slog.New(slog.DiscardHandler)
		tr := &transport{config: row.config}
		if err := tr.mayDial(row.address); (err == nil) != row.may {
			t.Errorf("%s with %s: %v", row.address, row.config.URL, err)
		}
	}
}
