package natsbus

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

var (
	enter = bus.NewAction[question, reading]("front.enter")
	pass  = bus.NewAction[question, reading]("middle.pass")
	reach = bus.NewAction[question, reading]("back.reach")
)

// Proves: R22 (the request id travels through nested calls on both buses and appears
// in logs, with who called).
func TestRequestIDReachesEveryHopAndItsLog(t *testing.T) {
	s := testnats.Start(t)
	for name, connect := range map[string]func(o bus.Options) *bus.Node{
		"memory": nil,
		"nats": func(o bus.Options) *bus.Node {
			tr, err := New(Config{URL: s.URL(), Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			o.Transport = tr
			return bus.NewNode(o)
		},
	} {
		for _, given := range []string{"r-22", ""} {
			t.Run(name+" given "+given, func(t *testing.T) {
				nodes, logs, ids := hops(t, connect)
				wireHops(nodes, ids)
				for _, n := range slices.Compact(slices.Clone(nodes)) {
					startNode(t, n)
				}
				_, err := enter.Call(bus.WithRequestID(t.Context(), given), nodes[0].View("door"), question{})
				if bus.CodeOf(err) != bus.Internal {
					t.Fatalf("the last handler fails, and the caller gets %v", err)
				}
				checkHops(t, given, *ids, logs[2].String())
			})
		}
	}
}

// checkHops compares the ids that the handlers saw, and looks for them in the log of
// the last one.
func checkHops(t *testing.T, given string, seen []string, told string) {
	t.Helper()
	if len(seen) != 3 || seen[0] == "" || given != "" && seen[0] != given || seen[1] != seen[0] || seen[2] != seen[0] {
		t.Fatalf("given %q, the handlers have the request ids %q", given, seen)
	}
	for _, want := range []string{"ink is out", "action=back.reach", "caller=middle", "request_id=" + seen[0]} {
		if !strings.Contains(told, want) {
			t.Errorf("the last hop logged %q, without %q", told, want)
		}
	}
}

// hops are the nodes of three services with their logs: one node for all, or three.
func hops(t *testing.T, connect func(bus.Options) *bus.Node) (nodes []*bus.Node, logs []*transcript, ids *[]string) {
	t.Helper()
	for range 3 {
		log := &transcript{}
		o := bus.Options{Logger: slog.New(slog.NewTextHandler(log, nil))}
		switch {
		case connect != nil:
			nodes = append(nodes, connect(o))
		case len(nodes) == 0:
			nodes = append(nodes, bus.NewNode(o))
		default:
			nodes, log = append(nodes, nodes[0]), logs[0]
		}
		logs = append(logs, log)
	}
	return nodes, logs, &[]string{}
}

// wireHops makes front call middle, and middle call back, which fails.
func wireHops(nodes []*bus.Node, ids *[]string) {
	enter.Handle(nodes[0].View("front"), func(ctx context.Context, q question) (reading, error) {
		*ids = append(*ids, bus.RequestID(ctx))
		return pass.Call(ctx, nodes[0].View("front"), q)
	})
	pass.Handle(nodes[1].View("middle"), func(ctx context.Context, q question) (reading, error) {
		*ids = append(*ids, bus.RequestID(ctx))
		return reach.Call(context.WithValue(ctx, hopKey{}, 1), nodes[1].View("middle"), q)
	})
	reach.Handle(nodes[2].View("back"), func(ctx context.Context, _ question) (reading, error) {
		*ids = append(*ids, bus.RequestID(ctx))
		return reading{}, errors.New("the ink is out")
	})
}

type hopKey struct{}

func startNode(t *testing.T, n *bus.Node) {
	t.Helper()
	if err := errors.Join(n.Check(), n.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
