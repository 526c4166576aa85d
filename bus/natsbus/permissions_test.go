package natsbus

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// permissionRow is a row of the table of permissions.
var permissionRow = regexp.MustCompile(`(?m)^\|([^|]*)\|([^|]*)\| (calls|answers|callers that give up|events|who is there|discovery) \|$`)

var quoted = regexp.MustCompile("`([^`]+)`")

// documentedPermissions are those of docs/operations.md for a process with one service
// that calls one and listens to the events of one.
func documentedPermissions(t *testing.T, own, other string) *server.Permissions {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := permissionRow.FindAllStringSubmatch(string(text), -1)
	if len(rows) != 6 {
		t.Fatalf("docs/operations.md has %d rows of permissions", len(rows))
	}
	p := &server.Permissions{Publish: &server.SubjectPermission{}, Subscribe: &server.SubjectPermission{}}
	for _, row := range rows {
		for column, to := range map[int]*server.SubjectPermission{1: p.Publish, 2: p.Subscribe} {
			whose := other
			if strings.Contains(row[column], "of its own") {
				whose = own
			}
			cell := row[column]
			if row[3] == "events" && column == 2 { // "the same of those it listens to"
				cell = row[1]
			}
			for _, subject := range quoted.FindAllStringSubmatch(cell, -1) {
				to.Allow = append(to.Allow, strings.ReplaceAll(subject[1], "<service>", whose))
			}
		}
	}
	return p
}

// Proves: S-06 in part (with exactly the permissions that the page lists a process
// calls, is called, hears of events and of others; the server refuses it nothing).
func TestPermissions(t *testing.T) {
	s := testnats.Start(t, func(o *server.Options) {
		o.Users = []*server.User{
			{Username: "oracle", Password: "a", Permissions: documentedPermissions(t, "oracle", "orders")},
			{Username: "orders", Password: "b", Permissions: documentedPermissions(t, "orders", "oracle")},
		}
	})
	var log transcript
	as := func(user, password string) string {
		return strings.Replace(s.URL(), "nats://", "nats://"+user+":"+password+"@", 1)
	}
	logged := func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	heard := make(chan int, 2)
	var o *oracle
	oracles := newNode(t, as("oracle", "a"), func(n *bus.Node) {
		o = newOracle(n)
		created.Subscribe(n.View("oracle"), func(_ context.Context, o order) error { heard <- o.Number; return nil })
	}, logged)
	orders := newNode(t, as("orders", "b"), nil, logged)
	shop := orders.View("orders")
	if res, err := ask.Call(t.Context(), shop, question{Text: "x"}); err != nil || res.Text != "x" {
		t.Errorf("ask: %+v, %v", res, err)
	}
	if err := errors.Join(created.Emit(t.Context(), shop, order{Number: 1}), created.Broadcast(t.Context(), shop, order{Number: 1})); err != nil {
		t.Error(err)
	}
	if a, b := <-heard, <-heard; a != 1 || b != 1 {
		t.Errorf("heard %d and %d", a, b)
	}
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { _, err := wait.Call(ctx, shop, question{}); ended <- err }()
	<-o.arrived
	giveUp()
	<-ended
	until(t, "the handler hears that nobody waits", func() bool { return len(oracles.InFlight()) == 0 })
	until(t, "they know each other", func() bool { return len(orders.Peers()) == 1 && len(oracles.Peers()) == 1 })
	if text := log.String(); text != "" {
		t.Errorf("logged %s", text)
	}
	// What is not on the list is refused, and that is seen.
	secret := bus.NewAction[question, reading]("secret.ask")
	if _, err := secret.Call(t.Context(), shop, question{}); bus.CodeOf(err) != bus.PermissionDenied {
		t.Errorf("a service that it may not call: %v", err)
	}
	if text := log.String(); !strings.Contains(text, "subject=platform.secret.ask") {
		t.Errorf("logged %q", text)
	}
}
