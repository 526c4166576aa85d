package conformance

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
)

// linked are two nodes on a link; plant changes the transports, the callee's first.
func linked(plant func(bus.Transport) bus.Transport) Fixture {
	return Fixture{
		Name: "link", Features: Features{Apart: true, Encodes: true, Carries: true, Interrupts: true},
		Nodes: func(_ testing.TB, o bus.Options) (caller, callee *bus.Node) {
			l := &bustest.Link{}
			here, there := o, o
			there.Transport, here.Transport = plant(l.Transport()), plant(l.Transport())
			return bus.NewNode(here), bus.NewNode(there)
		},
	}
}

func sound(t bus.Transport) bus.Transport { return t }

// failures are the rows that fail over a fixture. Time is virtual.
func failures(t *testing.T, f Fixture) (names []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		for _, o := range Observe(f) {
			if o.Got != o.Want {
				names = append(names, o.Row)
				t.Logf("%s\n got: %.300s\nwant: %s", o.Row, o.Got, o.Want)
			}
		}
		<-time.After(time.Minute) // what a bug left behind ends at its deadline
	})
	return names
}

// Proves: B3 (a link behaves as a server between processes does, in virtual time)
func TestConformanceOfLinks(t *testing.T) {
	if failed := failures(t, linked(sound)); len(failed) > 0 {
		t.Errorf("%d rows failed: %q", len(failed), failed)
	}
}

// The names are what guarantees and reports refer to.
func TestRowsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range table() {
		if seen[r.name] {
			t.Errorf("two rows are called %s", r.name)
		}
		seen[r.name] = true
	}
	if len(seen) < 60 {
		t.Errorf("the table has %d rows", len(seen))
	}
	t.Logf("FIGURE conformance.rows n=%d", len(seen))
}

// A feature that no row depends on says nothing.
func TestEveryFeatureHasRows(t *testing.T) {
	for name, f := range map[string]Features{
		"Apart": {Apart: true}, "Encodes": {Encodes: true}, "Interrupts": {Interrupts: true},
		"Headers": {Headers: true}, "Carries": {Carries: true}, "Limits": {Limits: true},
	} {
		if !slices.ContainsFunc(table(), func(r row) bool { return r.differs != nil && r.differs(f) }) {
			t.Errorf("no row depends on %s", name)
		}
	}
}
