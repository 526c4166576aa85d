package contracttest_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/contracttest"
)

// The contract as it was.
type (
	query struct {
		Project string   `json:"project" schema:"required"`
		Kind    string   `json:"kind,omitempty" schema:"enum=a|b"`
		Limit   int64    `json:"limit,omitempty" schema:"maximum=100"`
		Tags    []string `json:"tags,omitempty" schema:"maxItems=5"`
	}
	answer struct {
		Items []item         `json:"items"`
		Total int64          `json:"total"`
		Next  *item          `json:"next,omitempty"`
		Notes map[string]int `json:"notes,omitempty"`
		Grade grade          `json:"grade"`
	}
	item struct {
		Name string `json:"name"`
		Down []item `json:"down,omitempty"`
	}
	grade string
)

// MarshalText writes a form that only it knows.
func (g grade) MarshalText() ([]byte, error) { return []byte("grade " + string(g)), nil }

// UnmarshalText reads it.
func (g *grade) UnmarshalText(text []byte) error {
	after, ok := strings.CutPrefix(string(text), "grade ")
	if !ok {
		return errors.New("no grade")
	}
	*g = grade(after)
	return nil
}

var before = bus.NewAction[query, answer]("shop.find").Example(query{Project: "demo", Kind: "b", Limit: 10, Tags: []string{"x"}})

// inTempDir is where the records of a test are.
func inTempDir(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
}

func record[Req, Res any](t *testing.T, a *bus.Action[Req, Res]) {
	t.Helper()
	set(t, "true")
	defer set(t, "false")
	if r := bustest.Trial(func(t testing.TB) { contracttest.Action(t, a) }); r.Failed {
		t.Fatal(r)
	}
}

func set(t *testing.T, value string) {
	t.Helper()
	if err := flag.Set("update", value); err != nil {
		t.Fatal(err)
	}
}

// breaks wants the changed contract refused, for the reason that is named.
func breaks[Req, Res any](t *testing.T, example Req, reasons ...string) {
	t.Helper()
	changed := bus.NewAction[Req, Res]("shop.find").Example(example)
	r := bustest.Trial(func(t testing.TB) { contracttest.Action(t, changed) })
	if !r.Failed || !strings.Contains(r.String(), "-update") {
		t.Errorf("not refused: %s", r)
	}
	for _, reason := range reasons {
		if !strings.Contains(r.String(), reason) {
			t.Errorf("%q is not in:\n%s", reason, r)
		}
	}
	if len(r.Log) != len(reasons)+1 {
		t.Errorf("want %d reasons:\n%s", len(reasons), r)
	}
}

func TestChangesThatBreakAreRefused(t *testing.T) {
	inTempDir(t)
	record(t, before)
	contracttest.Action(t, before)

	breaks[struct {
		Project string `json:"projectId" schema:"required"`
		Kind    string `json:"kind,omitempty" schema:"enum=a"`
		Limit   int32  `json:"limit,omitempty" schema:"maximum=100"`
		Tags    string `json:"tags,omitempty"`
	}, answer](t, struct {
		Project string `json:"projectId" schema:"required"`
		Kind    string `json:"kind,omitempty" schema:"enum=a"`
		Limit   int32  `json:"limit,omitempty" schema:"maximum=100"`
		Tags    string `json:"tags,omitempty"`
	}{Project: "demo"},
		"shop.find: the request.project was removed", "the request.projectId is new and required",
		"the request.kind may no longer be b", "the request.limit was integer int64 and is integer int32",
		"the request.tags was array and is string")

	type tight struct {
		Project string   `json:"project" schema:"required,pattern=^[a-z]+$"`
		Kind    string   `json:"kind" schema:"enum=a|b"`
		Limit   int64    `json:"limit,omitempty" schema:"minimum=1,maximum=50"`
		Tags    []string `json:"tags,omitempty" schema:"maxItems=4" items:"required"`
	}
	breaks[tight, answer](t, tight{Project: "demo", Kind: "a"},
		"the request.project has another pattern: ^[a-z]+$", "the request.kind is required now, and was not",
		"the request.limit had maximum 100 and has 50", "the request.limit has a new minimum of 1",
		"the request.tags had maxItems 5 and has 4", `the request.tags[] has another pattern: \S`)

	type renamed struct {
		Items []thing            `json:"items"`
		Total int64              `json:"total,omitempty"`
		Next  *thing             `json:"next,omitempty"`
		Notes map[string]float64 `json:"notes,omitempty"`
		Grade grade              `json:"grade"`
	}
	breaks[query, renamed](t, query{Project: "demo"},
		"the response.items[].name was string and is integer int64", "the response.items[].down was removed",
		"the response.total may be absent now", "the response.notes[] was integer int64 and is number double")
}

type thing struct {
	Name int `json:"name"`
}

// A type that marshals itself has no schema; its wire form tells.
type mark string

// MarshalText writes a form that is not that of grade.
func (m mark) MarshalText() ([]byte, error) { return []byte("mark " + string(m)), nil }

// UnmarshalText reads it, and without a word what it does not know.
func (m *mark) UnmarshalText(text []byte) error {
	*m = mark(strings.TrimPrefix(string(text), "mark "))
	return nil
}

func TestWireFormsAreCompared(t *testing.T) {
	inTempDir(t)
	record(t, before)
	type marked struct {
		Items []item         `json:"items"`
		Total int64          `json:"total"`
		Next  *item          `json:"next,omitempty"`
		Notes map[string]int `json:"notes,omitempty"`
		Grade mark           `json:"grade"`
	}
	breaks[query, marked](t, query{Project: "demo"}, "the response.grade was grade grade 6 and reads as mark grade grade 6")
}

func TestGrowthPasses(t *testing.T) {
	inTempDir(t)
	record(t, before)
	type wider struct {
		Project string   `json:"project" schema:"required"`
		Kind    string   `json:"kind,omitempty" schema:"enum=a|b|c"`
		Limit   int64    `json:"limit,omitempty"`
		Tags    []string `json:"tags,omitempty" schema:"maxItems=9"`
		Sort    string   `json:"sort,omitempty" schema:"enum=up|down"`
	}
	a := bus.NewAction[wider, struct {
		Items []item         `json:"items"`
		Total int64          `json:"total"`
		Next  *item          `json:"next"`
		Notes map[string]int `json:"notes"`
		Grade grade          `json:"grade"`
		Took  int64          `json:"took"`
	}]("shop.find").Example(wider{Project: "demo", Kind: "c"})
	r := bustest.Trial(func(t testing.TB) { contracttest.Action(t, a) })
	if r.Failed || !strings.Contains(r.String(), "has grown without breaking anybody") || !strings.Contains(r.String(), "-update") {
		t.Errorf("growth: %s", r)
	}
}

func TestWhatIsNoContract(t *testing.T) {
	inTempDir(t)
	for want, check := range map[string]func(t testing.TB){
		"has no record yet":                  func(t testing.TB) { contracttest.Action(t, before) },
		"has no example":                     func(t testing.TB) { contracttest.Action(t, bus.NewAction[query, answer]("shop.other")) },
		"the example of shop.bad is refused": func(t testing.TB) { contracttest.Action(t, bus.NewAction[query, answer]("shop.bad").Example(query{})) },
		"shop.func is no contract":           func(t testing.TB) { contracttest.Action(t, bus.NewAction[func(), answer]("shop.func")) },
		"shop.self cannot be recorded: the response cannot be writ": func(t testing.TB) {
			contracttest.Action(t, bus.NewAction[query, picky]("shop.self").Example(query{Project: "x"}))
		},
	} {
		if r := bustest.Trial(check); !r.Failed || !strings.Contains(r.String(), want) {
			t.Errorf("want %q: %s", want, r)
		}
	}
}

type picky string

func (p picky) MarshalJSON() ([]byte, error) {
	if p != "good" {
		return nil, errors.New("not good")
	}
	return []byte(`"good"`), nil
}

func (p *picky) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, (*string)(p)) }

func TestSamplesFillTypesThatArePicky(t *testing.T) {
	inTempDir(t)
	set(t, "true")
	contracttest.Action(t, bus.NewAction[query, picky]("shop.self").Example(query{Project: "x"}), contracttest.Sample(picky("good")))
	set(t, "false")
	written, err := os.ReadFile("testdata/shop.self.json")
	if err != nil || !strings.Contains(string(written), `"wire": "good"`) {
		t.Errorf("recorded %s, %v", written, err)
	}
}
