package contracttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// update records every contract of the package under test as it is now.
var update = flag.Bool("update", false, "record the contracts as they are now, instead of comparing them")

// record is what a file in testdata says of an action or of an event.
type record struct {
	Action   string   `json:"action,omitempty"`
	Request  *payload `json:"request,omitempty"`
	Response *payload `json:"response,omitempty"`
	// Idempotent is a promise to callers that they may ask again.
	Idempotent bool `json:"idempotent,omitempty"`

	Event   string   `json:"event,omitempty"`
	Payload *payload `json:"payload,omitempty"`
}

// payload is one side of an action, or what an event tells.
type payload struct {
	Schema json.RawMessage `json:"schema"`
	Wire   json.RawMessage `json:"wire"` // a value as it goes over the wire
	// Example is that of an event; of an action it is the request's Wire.
	Example json.RawMessage `json:"example,omitempty"`
	// Takes and Refuses are what became of values that differ from the example in one
	// place. Of a response there are none: nobody judges it.
	Takes   verdicts `json:"takes,omitempty"`
	Refuses verdicts `json:"refuses,omitempty"` // of an event
}

// example is a value that the contract takes.
func (p *payload) example() json.RawMessage {
	if p.Example != nil {
		return p.Example
	}
	return p.Wire
}

// name is that of the action or the event.
func (r record) name() string { return r.Action + r.Event }

// Option changes how a contract is recorded.
type Option func(*filler)

// Sample is the value that every T has in the recorded response, or in the recorded
// payload of an event. It is for types that do not take any value, such as an amount
// whose currency has to exist.
func Sample[T any](v T) Option { return func(f *filler) { f.sample(v) } }

const bless = "run this test with -update and commit what it writes"

// check compares the contract as it is now with its record, or records it. What
// breaks lists the reasons why builds with the recorded one would be broken.
func check(t testing.TB, now record, breaks func(old record) []string) {
	t.Helper()
	file := filepath.Join("testdata", now.name()+".json")
	written, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		t.Fatalf("writing down %s: %v", now.name(), err)
	}
	written = append(written, '\n')
	recorded, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	switch found := err == nil; {
	case found && taken(recorded, now):
		t.Errorf("%s is the record of an action and of an event: rename one of them, or delete the file if one is gone", file)
	case *update && !t.Failed():
		save(t, file, written)
	case *update:
	case !found:
		t.Errorf("%s has no record yet: %s", now.name(), bless)
	default:
		judge(t, file, recorded, written, breaks)
	}
}

// taken reports whether the record is of the other kind: an action and an event may
// have one name.
func taken(recorded []byte, now record) bool {
	var old record
	_ = json.Unmarshal(recorded, &old) // what cannot be read is nobody's
	return old.Action != "" && now.Event != "" || old.Event != "" && now.Action != ""
}

// judge fails the test if the contract that is written breaks programs built with the
// recorded one.
func judge(t testing.TB, file string, recorded, written []byte, breaks func(old record) []string) {
	t.Helper()
	var old record
	if err := json.Unmarshal(recorded, &old); err != nil {
		t.Fatalf("%s is no record of a contract: %v", file, err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".json")
	reasons := breaks(old)
	for _, reason := range reasons {
		t.Errorf("%s: %s", name, reason)
	}
	switch {
	case len(reasons) > 0:
		t.Errorf("%s breaks programs built with the contract in %s; if that is meant, %s", name, file, bless)
	case !bytes.Equal(written, recorded):
		t.Logf("%s has grown without breaking anybody; to compare with this from now on, %s", name, bless)
	}
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

// fill gives a T every field of which has a value.
func fill[T any](options []Option) (filled T) {
	f := filler{samples: samples{}}
	for _, option := range options {
		option(&f)
	}
	f.fill(&filled)
	return filled
}
