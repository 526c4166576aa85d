package natsbus

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/conformance"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// remote are the features of a transport whose callee is another process.
var remote = conformance.Features{Apart: true, Encodes: true, Carries: true, Interrupts: true, Headers: true, Limits: true}

// namespaces keep the rows of the table apart on one server.
var namespaces atomic.Int64

// nodeOver is a node with the options o over the server.
func nodeOver(t testing.TB, o bus.Options, c Config) *bus.Node {
	t.Helper()
	c.Logger = o.Logger
	tr, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	o.Transport = tr
	return bus.NewNode(o)
}

// over makes fixtures of two nodes, or of one that is both.
func over(name string, apart bool, reach func(*Config)) conformance.Fixture {
	f := conformance.Fixture{Name: name, Nodes: func(t testing.TB, o bus.Options) (caller, callee *bus.Node) {
		c := Config{Namespace: fmt.Sprint("row", namespaces.Add(1))}
		reach(&c)
		callee = nodeOver(t, o, c)
		if !apart {
			return callee, callee
		}
		return nodeOver(t, o, c), callee
	}}
	if apart {
		f.Features = remote
	} else {
		f.Features.Carries = true
	}
	return f
}

// fixtures are all the ways over NATS, and the memory bus to compare them with.
func fixtures(t testing.TB) []conformance.Fixture {
	s := testnats.Start(t)
	silent := testnats.Start(t, func(o *server.Options) { o.DontListen = true })
	memory := func(strict bool) func(testing.TB, bus.Options) (caller, callee *bus.Node) {
		return func(_ testing.TB, o bus.Options) (caller, callee *bus.Node) {
			o.Strict = strict
			n := membus.New(o)
			return n, n
		}
	}
	return []conformance.Fixture{
		over("natsbus over TCP", true, func(c *Config) { c.URL = s.URL() }),
		over("natsbus in one node", false, func(c *Config) { c.URL = s.URL() }),
		over("natsbus in the server's process", true, func(c *Config) { c.Server = silent.Server }),
		{Name: "membus", Nodes: memory(false)},
		{Name: "membus, strict", Nodes: memory(true), Features: conformance.Features{Encodes: true}},
	}
}

// Proves: B3 (the table holds over NATS; what is seen is the same on all transports
// but for rows that name a feature; and in those it is the same for transports of the
// same features)
func TestConformance(t *testing.T) {
	type place struct {
		row      string
		features conformance.Features
	}
	seen := map[place]map[string][]string{} // by what was seen, who saw it
	rows, differing := 0, 0
	all := fixtures(t)
	for _, f := range all {
		table := conformance.Observe(f)
		rows, differing = len(table), 0
		for _, o := range table {
			if o.Got != o.Want {
				t.Errorf("%s, %s\n got: %s\nwant: %s", f.Name, o.Row, o.Got, o.Want)
			}
			p := place{row: o.Row}
			if o.Differs {
				differing++
				p.features = f.Features
			}
			if seen[p] == nil {
				seen[p] = map[string][]string{}
			}
			seen[p][o.Got] = append(seen[p][o.Got], f.Name)
		}
	}
	for p, views := range seen {
		if len(views) > 1 {
			t.Errorf("%s is not the same everywhere: %s", p.row, disagreement(views))
		}
	}
	t.Logf("FIGURE conformance.transports n=%d rows=%d by_feature=%d", len(all), rows, differing)
}

// disagreement says who saw what.
func disagreement(views map[string][]string) string {
	var lines []string
	for _, got := range slices.Sorted(maps.Keys(views)) {
		lines = append(lines, fmt.Sprintf("\n%s: %s", strings.Join(views[got], ", "), got))
	}
	return strings.Join(lines, "")
}
