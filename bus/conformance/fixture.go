package conformance

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
)

// Fixture is a way in which services talk, as Run tries it.
type Fixture struct {
	// Name is how messages call it: "membus".
	Name string
	// Nodes makes the two sides of a call, with the options given: over memory, and
	// wherever a node is to serve its own calls, the same node twice. Neither is
	// started; the fixture sees to it that nobody else is in reach, and need not
	// close them.
	Nodes func(t testing.TB, o bus.Options) (caller, callee *bus.Node)
	// Features are the differences that are known.
	Features Features

	planted []bus.ActionOption // of every action; how a test of the table breaks something
}

// Features are the ways in which one transport may behave unlike another, each for
// a reason that no transport can mend. What is not here is the same on all.
type Features struct {
	// Apart says that caller and callee are two processes. An answer is remote; the
	// values of a context do not reach the callee; who is shut, stopping or not
	// started is out of reach instead of refusing; each side declares its contracts for
	// itself and lists its own.
	Apart bool
	// Encodes says that values pass through JSON, and are what JSON makes of them:
	// what it leaves out is nil again, raw JSON is made compact, text that is no UTF-8
	// is replaced, and what it cannot write is refused.
	Encodes bool
	// Interrupts says that a caller is free at its deadline, when it gives up and
	// when its node is closed, though the handler goes on. Where the handler runs on
	// its caller's goroutine nobody can take it away from there.
	Interrupts bool
	// Carries says that events are encoded for other processes, also where one that
	// hears them is in the same: what JSON cannot write is refused there too.
	Carries bool
	// Headers says that the request id travels in a header of the message: the
	// letters that separate its parts and lines are lost from it.
	Headers bool
	// Limits says that a message has a largest size, which is the server's: 1 MiB in
	// the rows that try it.
	Limits bool
}

// row is one behaviour. It says what it saw as a text, so that the same row can be
// compared between transports.
type row struct {
	name string
	run  func(w *world) string
	want string
	// differs selects the transports that show other instead of want; nil: none.
	differs func(f Features) bool
	other   string
}

func apart(f Features) bool      { return f.Apart }
func encodes(f Features) bool    { return f.Encodes }
func carries(f Features) bool    { return f.Carries || f.Encodes }
func interrupts(f Features) bool { return f.Interrupts }
func headers(f Features) bool    { return f.Headers }
func limits(f Features) bool     { return f.Limits }

// Observation is what one row of the table saw over one transport.
type Observation struct {
	// Row is the row's name, the same in every release: "errors/panic".
	Row string
	// Got and Want are equal if the transport behaves as it should.
	Got, Want string
	// Differs says that the row depends on Features.
	Differs bool
}

// Run tries every behaviour of the table over one transport, each as a
// subtest with nodes of its own.
func Run(t *testing.T, f Fixture) {
	t.Helper()
	for _, r := range table() {
		t.Run(r.name, func(t *testing.T) {
			t.Helper()
			if o := r.observe(f); o.Got != o.Want {
				t.Errorf("%s behaves otherwise than the bus promises\n got: %s\nwant: %s", f.Name, o.Got, o.Want)
			}
		})
	}
}

// Observe tries the table without a test, for comparing transports with each other
// and for trying transports that should fail.
func Observe(f Fixture) []Observation {
	rows := table()
	all := make([]Observation, len(rows))
	for i, r := range rows {
		all[i] = r.observe(f)
	}
	return all
}

// table is all rows. The names are unique; a test sees to it.
func table() []row {
	var all []row
	for _, group := range [][]row{
		valueRows(), codecRows(), isolationRows(), errorRows(), failureRows(), reachRows(),
		deadlineRows(), cancelRows(), contextRows(), drainRows(), closeRows(), loadRows(), countRows(), jsonRows(), wiringRows(),
		eventRows(), eventEdgeRows(), policyRows(), boundRows(), panicRows(),
	} {
		all = append(all, group...)
	}
	return all
}

// observe runs the row on nodes of its own.
func (r row) observe(f Fixture) Observation {
	o := Observation{Row: r.name, Want: r.want, Differs: r.differs != nil}
	if r.differs != nil && r.differs(f.Features) {
		o.Want = r.other
	}
	result := bustest.Trial(func(t testing.TB) {
		o.Got = r.run(&world{t: t, fixture: f})
	})
	if result.Failed {
		o.Got = "the row failed: " + result.String()
	}
	return o
}

// patience bounds what a row waits for and should not have to.
const patience = 5 * time.Second

// several is the room in channels that handlers write to: a transport that should
// call once and calls twice must not make them wait.
const several = 8

// world is what one row works with: the two sides, called shop and oracle.
type world struct {
	t       testing.TB
	fixture Fixture

	caller, callee *bus.Node
	shop, oracle   *bus.Bus
}

// open makes the nodes. Rows that need other options than none change them.
func (w *world) open(change ...func(*bus.Options)) {
	o := bus.Options{Logger: bustest.Logger(w.t)}
	for _, f := range change {
		f(&o)
	}
	w.caller, w.callee = w.fixture.Nodes(w.t, o)
	w.shop, w.oracle = w.caller.View("shop"), w.callee.View("oracle")
}

// nodes are the two sides, or the one that is both; the callee first.
func (w *world) nodes() []*bus.Node {
	if w.caller == w.callee {
		return []*bus.Node{w.callee}
	}
	return []*bus.Node{w.callee, w.caller}
}

// start checks the wiring and starts both sides, the callee first.
func (w *world) start() {
	for _, n := range w.nodes() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		err := errors.Join(n.Check(), n.Start(ctx))
		cancel()
		if err != nil {
			w.t.Fatal(err)
		}
		w.t.Cleanup(func() {
			if err := n.Close(context.Background()); err != nil {
				w.t.Errorf("closing: %v", err)
			}
		})
	}
}

// serve opens the nodes if they are not, and handles one action.
func serve[Req, Res any](w *world, name string, h func(ctx context.Context, req Req) (Res, error), opts ...bus.ActionOption) *bus.Action[Req, Res] {
	if w.callee == nil {
		w.open()
	}
	a := bus.NewAction[Req, Res](name, append(opts, w.fixture.planted...)...)
	a.Handle(w.callee.View(a.Service()), h)
	return a
}

// await waits for something that must happen soon, or ends the row.
func await[T any](w *world, ch <-chan T, what string) (v T) {
	select {
	case v = <-ch:
	case <-time.After(patience):
		w.t.Fatalf("waited for %s for %s", what, patience)
	}
	return v
}

// gate holds handlers back until the row, or at last its end, lets them go.
type gate struct {
	opened chan struct{}
	once   sync.Once
}

func newGate(w *world) *gate {
	g := &gate{opened: make(chan struct{})}
	w.t.Cleanup(g.open)
	return g
}

func (g *gate) open() { g.once.Do(func() { close(g.opened) }) }

// lines joins what a row saw.
func lines(parts ...string) string { return strings.Join(parts, "; ") }
