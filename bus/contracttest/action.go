package contracttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
)

// update records every contract of the package under test as it is now.
var update = flag.Bool("update", false, "record the contracts as they are now, instead of comparing them")

// record is what a file in testdata says of an action.
type record struct {
	Action   string  `json:"action"`
	Request  payload `json:"request"`
	Response payload `json:"response"`
}

// payload is one side of an action.
type payload struct {
	Schema json.RawMessage `json:"schema"`
	Wire   json.RawMessage `json:"wire"` // a value as it goes over the wire
}

// Option changes how an action is recorded.
type Option func(*filler)

// Sample is the value that every T in the recorded response has. It is for types
// that do not take any value, such as an amount whose currency has to exist.
func Sample[T any](v T) Option { return func(f *filler) { f.sample(v) } }

// Action compares an action with its record in testdata, and fails the test where a
// program that was built with the recorded contract would be broken by this one. It
// also wants the action to have an example that its own rules accept.
func Action[Req, Res any](t testing.TB, a *bus.Action[Req, Res], options ...Option) {
	t.Helper()
	now, ok := describe(t, a, options)
	if !ok {
		return
	}
	file := filepath.Join("testdata", a.Name()+".json")
	written, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		t.Fatalf("writing down %s: %v", a.Name(), err)
	}
	written = append(written, '\n')
	if *update {
		if !t.Failed() {
			save(t, file, written)
		}
		return
	}
	recorded, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s has no record yet: %s", a.Name(), bless)
		return
	} else if err != nil {
		t.Fatal(err)
	}
	var old record
	if err := json.Unmarshal(recorded, &old); err != nil {
		t.Fatalf("%s is no record of a contract: %v", file, err)
	}
	breaks := compare[Req, Res](t, old, now)
	for _, b := range breaks {
		t.Errorf("%s: %s", a.Name(), b)
	}
	switch {
	case len(breaks) > 0:
		t.Errorf("%s breaks programs built with the contract in %s; if that is meant, %s", a.Name(), file, bless)
	case !bytes.Equal(written, recorded):
		t.Logf("%s has grown without breaking anybody; to compare with this from now on, %s", a.Name(), bless)
	}
}

const bless = "run this test with -update and commit what it writes"

// describe makes the record of the action as it is now.
func describe[Req, Res any](t testing.TB, a *bus.Action[Req, Res], options []Option) (record, bool) {
	t.Helper()
	f := filler{samples: samples{}}
	for _, option := range options {
		option(&f)
	}
	var filled Res
	f.fill(&filled)
	info, ok := inspect(t, a, filled)
	if !ok {
		return record{}, false
	}
	wire, err := json.Marshal(filled)
	if err != nil {
		t.Errorf("a response of %s cannot be written: %v; give a Sample of the type that refuses", a.Name(), err)
		return record{}, false
	}
	return record{a.Name(), payload{info.RequestSchema, info.Example}, payload{info.ResponseSchema, wire}}, true
}

// inspect serves the action on a bus of its own, to see what the bus says of it.
func inspect[Req, Res any](t testing.TB, a *bus.Action[Req, Res], answer Res) (bus.ActionInfo, bool) {
	t.Helper()
	node := bus.NewNode(bus.Options{Logger: slog.New(slog.DiscardHandler)})
	a.Handle(node.View(a.Service()), func(context.Context, Req) (Res, error) { return answer, nil })
	if err := node.Check(); err != nil {
		t.Errorf("%s is no contract: %v", a.Name(), err)
		return bus.ActionInfo{}, false
	}
	info := node.Actions()[0]
	if info.Example == nil {
		t.Errorf("%s has no example: give it one with Example, it is what is recorded as its request", a.Name())
		return bus.ActionInfo{}, false
	}
	_, err := node.CallJSON(t.Context(), node.View("contracttest"), a.Name(), info.Example)
	if bus.CodeOf(err) == bus.InvalidArgument {
		t.Errorf("the example of %s is refused: %v", a.Name(), err) // what changed is said as well
	}
	return info, true
}

// compare lists what breaks. The wire forms are compared where the schemas find
// nothing: they tell of types that marshal themselves.
func compare[Req, Res any](t testing.TB, old, now record) []string {
	t.Helper()
	breaks := append(
		compareSchemas(t, "the request", old.Request.Schema, now.Request.Schema, true),
		compareSchemas(t, "the response", old.Response.Schema, now.Response.Schema, false)...)
	if len(breaks) > 0 {
		return breaks
	}
	return append(compareWire[Req]("the request", old.Request.Wire), compareWire[Res]("the response", old.Response.Wire)...)
}

func save(t testing.TB, file string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("recorded %s", strings.TrimSuffix(filepath.Base(file), ".json"))
}
