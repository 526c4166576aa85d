package contracttest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/contracttest"
)

// The event as it was.
type shipped struct {
	Order   string   `json:"order" schema:"required"`
	Kind    string   `json:"kind,omitempty" schema:"enum=a|b"`
	Weight  int64    `json:"weight,omitempty" schema:"minimum=1,maximum=100"`
	Parcels []parcel `json:"parcels" schema:"maxItems=5"`
	Day     string   `json:"day,omitempty" schema:"format=date"`
	Zip     string   `json:"zip,omitempty" schema:"pattern=^[0-9]+$"`
	Note    string   `json:"note,omitempty" schema:"required"`
	Grade   grade    `json:"grade"`
}

type parcel struct {
	Code string `json:"code"`
}

var wasShipped = bus.NewEvent[shipped]("shop.shipped").Example(shipped{Order: "1", Kind: "b", Note: "n"})

func recordEvent[T any](t *testing.T, e *bus.Event[T]) {
	t.Helper()
	set(t, "true")
	defer set(t, "false")
	if r := bustest.Trial(func(t testing.TB) { contracttest.Event(t, e) }); r.Failed {
		t.Fatal(r)
	}
}

// eventBreaks wants the changed event refused, for the reasons that are named and no
// other. The example has to be one of the old event.
func eventBreaks[T any](t *testing.T, example T, reasons ...string) {
	t.Helper()
	changed := bus.NewEvent[T]("shop.shipped").Example(example)
	r := bustest.Trial(func(t testing.TB) { contracttest.Event(t, changed) })
	if !r.Failed || !strings.Contains(r.String(), "-update") {
		t.Errorf("not refused: %s", r)
	}
	for _, reason := range reasons {
		if !strings.Contains(r.String(), "shop.shipped: the payload"+reason) {
			t.Errorf("%q is not in:\n%s", reason, r)
		}
	}
	if len(r.Log) != len(reasons)+1 {
		t.Errorf("want %d reasons:\n%s", len(reasons), r)
	}
}

// What an earlier subscriber does not find, or finds to be something else.
func TestEventsThatLoseWhatSubscribersRead(t *testing.T) {
	inTempDir(t)
	recordEvent(t, wasShipped)
	contracttest.Event(t, wasShipped)
	type lesser struct {
		ID      string   `json:"id,omitempty"`
		Kind    string   `json:"kind,omitempty" schema:"enum=a|b"`
		Weight  int32    `json:"weight,omitempty" schema:"minimum=1,maximum=100"`
		Parcels []thing  `json:"parcels,omitempty" schema:"maxItems=5"`
		Day     []string `json:"day,omitempty"`
		Zip     string   `json:"zip,omitempty" schema:"pattern=^[0-9]+$"`
		Note    string   `json:"note,omitempty" schema:"required"`
		Grade   grade    `json:"grade"`
	}
	eventBreaks(t, lesser{Note: "n"},
		".order was removed", ".weight was integer int64 and is integer int32", ".parcels may be absent now, and was always there",
		".parcels[].code was removed", ".day was string and is array")
}

// What a later subscriber demands, and an earlier emitter does not keep to.
func TestEventsThatDemandMore(t *testing.T) {
	inTempDir(t)
	recordEvent(t, wasShipped)
	type tight struct {
		Order   string   `json:"order" schema:"required,pattern=^[a-z0-9]+$"`
		Kind    string   `json:"kind" schema:"enum=a"`
		Weight  int64    `json:"weight,omitempty" schema:"minimum=2,maximum=50"`
		Parcels []parcel `json:"parcels" schema:"minItems=1,maxItems=5"`
		Day     string   `json:"day,omitempty" schema:"format=date-time"`
		Zip     string   `json:"zip,omitempty" schema:"pattern=^[0-9]{5}$"`
		Note    string   `json:"note,omitempty" schema:"required"`
		Grade   grade    `json:"grade"`
		To      string   `json:"to" schema:"required"`
	}
	eventBreaks(t, tight{Order: "a", Kind: "a", Parcels: []parcel{{}}, Note: "n", To: "me"},
		".order has another pattern", ".kind is required now, and was not", ".kind may no longer be b",
		".weight had minimum 1 and has 2", ".weight had maximum 100 and has 50", ".parcels is required now, and was not", ".parcels has a new minItems of 1", ".parcels may no longer be null",
		".day has another format: date-time", ".zip has another pattern", ".to is new and required: an earlier emitter does not send it")
}

// What a later emitter may send, and an earlier subscriber refuses.
func TestEventsThatDemandLess(t *testing.T) {
	inTempDir(t)
	recordEvent(t, wasShipped)
	type wide struct {
		Order   string   `json:"order" schema:"required"`
		Kind    string   `json:"kind,omitempty" schema:"enum=a|b|c"`
		Weight  int64    `json:"weight,omitempty" schema:"minimum=0"`
		Parcels []parcel `json:"parcels" schema:"maxItems=9"`
		Day     string   `json:"day,omitempty"`
		Zip     string   `json:"zip,omitempty"`
		Note    string   `json:"note,omitempty"`
		Grade   grade    `json:"grade"`
	}
	eventBreaks(t, wide{Order: "1", Kind: "c"},
		".kind may be c now: an earlier subscriber refuses it", ".weight had minimum 1 and has 0: an earlier subscriber refuses what is beyond it",
		".weight has no maximum any more: an earlier subscriber refuses what is beyond 100", ".parcels had maxItems 5 and has 9",
		".day has no format any more: an earlier subscriber refuses what is not date", ".zip has no pattern any more",
		".note is not required any more: an earlier subscriber refuses an event without it", `.note has no pattern any more: an earlier subscriber refuses what is not \S`)
	type free struct {
		Order   string   `json:"order" schema:"required"`
		Kind    string   `json:"kind,omitempty"`
		Weight  int64    `json:"weight,omitempty" schema:"minimum=1,maximum=100"`
		Parcels []parcel `json:"parcels" schema:"maxItems=5"`
		Day     string   `json:"day,omitempty" schema:"format=date"`
		Zip     string   `json:"zip,omitempty" schema:"pattern=^[0-9]+$"`
		Note    string   `json:"note,omitempty" schema:"required"`
		Grade   mark     `json:"grade"`
	}
	eventBreaks(t, free{Order: "1", Note: "n"}, ".kind may be anything now: an earlier subscriber refuses what is not one of [a b]")
}

// A type that marshals itself has no schema; its wire form tells.
func TestWireFormsOfEventsAreCompared(t *testing.T) {
	inTempDir(t)
	recordEvent(t, bus.NewEvent[grade]("shop.shipped").Example("a"))
	eventBreaks(t, mark("a"), " was grade value 1 and reads as mark grade value 1")
}

func TestEventsMayGrow(t *testing.T) {
	inTempDir(t)
	recordEvent(t, wasShipped)
	type more struct {
		Order   string   `json:"order" schema:"required" doc:"the order"`
		Kind    string   `json:"kind,omitempty" schema:"enum=b|a"`
		Weight  int64    `json:"weight,omitempty" schema:"minimum=1,maximum=100"`
		Parcels []parcel `json:"parcels" schema:"maxItems=5"`
		Day     string   `json:"day,omitempty" schema:"format=date"`
		Zip     string   `json:"zip,omitempty" schema:"pattern=^[0-9]+$"`
		Note    string   `json:"note,omitempty" schema:"required"`
		Grade   grade    `json:"grade"`
		By      string   `json:"by,omitempty" schema:"enum=sea|air"`
		Pieces  []parcel `json:"pieces"`
	}
	grown := bus.NewEvent[more]("shop.shipped").Example(more{Order: "1", Kind: "a", Note: "n"})
	r := bustest.Trial(func(t testing.TB) { contracttest.Event(t, grown) })
	if r.Failed || !strings.Contains(r.String(), "has grown without breaking anybody") {
		t.Errorf("growth: %s", r)
	}
}

func TestWhatIsNoEvent(t *testing.T) {
	inTempDir(t)
	record(t, before) // shop.find
	for want, check := range map[string]func(t testing.TB){
		"shop.shipped has no record yet":     func(t testing.TB) { contracttest.Event(t, wasShipped) },
		"shop.other has no example":          func(t testing.TB) { contracttest.Event(t, bus.NewEvent[shipped]("shop.other")) },
		"the example of shop.bad is refused": func(t testing.TB) { contracttest.Event(t, bus.NewEvent[shipped]("shop.bad").Example(shipped{})) },
		"shop.func is no contract":           func(t testing.TB) { contracttest.Event(t, bus.NewEvent[func()]("shop.func")) },
		"shop.self cannot be recorded: the payload cannot be writt": func(t testing.TB) {
			contracttest.Event(t, bus.NewEvent[picky]("shop.self").Example("good"))
		},
		"shop.near is local": func(t testing.TB) {
			contracttest.Event(t, bus.NewEvent[shipped]("shop.near", bus.Local()).Example(shipped{Order: "1", Note: "n"}))
		},
		"is the record of an action and of an event": func(t testing.TB) {
			contracttest.Event(t, bus.NewEvent[shipped]("shop.find").Example(shipped{Order: "1", Note: "n"}))
		},
	} {
		if r := bustest.Trial(check); !r.Failed || !strings.Contains(r.String(), want) {
			t.Errorf("want %q: %s", want, r)
		}
	}
}

// A record of the one is not written over by the other, which may have its name.
func TestRecordOfAnActionIsKept(t *testing.T) {
	inTempDir(t)
	record(t, before)
	kept, err := os.ReadFile("testdata/shop.find.json")
	if err != nil {
		t.Fatal(err)
	}
	set(t, "true")
	defer set(t, "false")
	namesake := bus.NewEvent[shipped]("shop.find").Example(shipped{Order: "1", Note: "n"})
	if r := bustest.Trial(func(t testing.TB) { contracttest.Event(t, namesake) }); !r.Failed {
		t.Errorf("not refused: %s", r)
	}
	if now, err := os.ReadFile("testdata/shop.find.json"); err != nil || string(now) != string(kept) {
		t.Errorf("the record is %s, %v", now, err)
	}
}

func TestRecordOfAnEvent(t *testing.T) {
	inTempDir(t)
	set(t, "true")
	contracttest.Event(t, bus.NewEvent[picky]("shop.self").Example("good"), contracttest.Sample(picky("good")))
	set(t, "false")
	written, err := os.ReadFile("testdata/shop.self.json")
	want := `{
  "event": "shop.self",
  "payload": {
    "schema": {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "contracttest_test.picky"
    },
    "wire": "good",
    "example": "good",
    "refuses": {
      "": [
        false,
        0,
        [],
        {}
      ]
    }
  }
}
`
	if err != nil || string(written) != want {
		t.Errorf("recorded %s, %v", written, err)
	}
}
