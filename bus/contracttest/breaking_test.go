package contracttest_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/contracttest"
)

// form has one member of a type; what becomes of that is the change.
type form[T any] struct {
	F T `json:"f"`
}

// optionalForm may go without.
type optionalForm[T any] struct {
	F T `json:"f,omitempty"`
}

type doubled struct {
	F int `json:"f"`
	G int `json:"F"`
}

// fussy takes less than a string, by its own reading.
type fussy string

func (f fussy) MarshalText() ([]byte, error) { return []byte(f), nil }

func (f *fussy) UnmarshalText(text []byte) error {
	if string(text) != "x" {
		return errors.New("takes x")
	}
	*f = "x"
	return nil
}

// small takes less than an int, by its Validate.
type small int

func (s small) Validate() error {
	if s > 100 {
		return errors.New("must be small")
	}
	return nil
}

// rounded reads any number, and keeps half of it.
type rounded struct{ n int64 }

func (r rounded) MarshalJSON() ([]byte, error) { return json.Marshal(r.n) }
func (r *rounded) UnmarshalJSON(b []byte) error {
	err := json.Unmarshal(b, &r.n)
	r.n &^= 1
	return err
}

type limited struct {
	F int64 `json:"f" schema:"maximum=9007199254740993"`
}

type loweredLimit struct {
	F int64 `json:"f" schema:"maximum=9007199254740992"`
}

type entries struct {
	F map[string]int `json:"f" schema:"minProperties=1,maxProperties=3"`
}

type fewerEntries struct {
	F map[string]int `json:"f" schema:"minProperties=1,maxProperties=2"`
}

type moreEntries struct {
	F map[string]int `json:"f" schema:"minProperties=2,maxProperties=3"`
}

// change is a contract and a later one.
type change struct {
	was, is func(t testing.TB)
}

func ofRequest[Old, New any](was Old, is New) change {
	return change{
		func(t testing.TB) { contracttest.Action(t, bus.NewAction[Old, bool]("shop.change").Example(was)) },
		func(t testing.TB) { contracttest.Action(t, bus.NewAction[New, bool]("shop.change").Example(is)) },
	}
}

func ofResponse[Old, New any]() change {
	return change{
		func(t testing.TB) { contracttest.Action(t, bus.NewAction[bool, Old]("shop.change").Example(true)) },
		func(t testing.TB) { contracttest.Action(t, bus.NewAction[bool, New]("shop.change").Example(true)) },
	}
}

func ofEvent[Old, New any](was Old, is New) change {
	return change{
		func(t testing.TB) { contracttest.Event(t, bus.NewEvent[Old]("shop.change").Example(was)) },
		func(t testing.TB) { contracttest.Event(t, bus.NewEvent[New]("shop.change").Example(is)) },
	}
}

// after records the contract as it was, and tries the one that it is.
func (c change) after(t *testing.T) bustest.Result {
	t.Helper()
	inTempDir(t)
	set(t, "true")
	was := bustest.Trial(c.was)
	set(t, "false")
	if again := bustest.Trial(c.was); was.Failed || again.Failed {
		t.Fatalf("the first contract does not pass: %s %s", was, again)
	}
	return bustest.Trial(c.is)
}

func TestBreakingChangesOfOneMember(t *testing.T) {
	for name, c := range map[string]struct {
		change

		want string
	}{
		"response, a time to a text":   {ofResponse[form[time.Time], form[string]](), "response.f has no format any more: an earlier caller does not expect what is not date-time"},
		"response, keys to texts":      {ofResponse[form[map[int]int], form[map[string]int]](), "response.f{} has no pattern any more"},
		"request, keys to numbers":     {ofRequest(form[map[string]int]{map[string]int{"a": 1}}, form[map[int]int]{}), "request.f{} has another pattern"},
		"response, keys of other size": {ofResponse[form[map[uint]int], form[map[int]int]](), "response.f{} has another pattern"},
		"response, a namesake":         {ofResponse[form[int], doubled](), "response.F is new and is f but for the case"},
		"request, to its own reading":  {ofRequest(form[string]{"x"}, form[fussy]{"x"}), `request.f may no longer be "a": f is no contracttest_test.fussy: takes x`},
		"request, to its own Validate": {ofRequest(form[int]{1}, form[small]{1}), `request.f may no longer be 9007199254740993: f must be small`},
		"request, to half of it":       {ofRequest(form[int64]{2}, form[rounded]{rounded{2}}), `is any value`},
		"event, to its own Validate":   {ofEvent(form[int]{1}, form[small]{1}), `payload.f may no longer be 9007199254740993: f must be small`},
		"event, from its own Validate": {ofEvent(form[small]{1}, form[int]{1}), `payload.f may be 9007199254740993 now: an earlier subscriber refuses it`},
		"response, may be null":        {ofResponse[form[int], form[*int]](), "response.f may be null now, and never was"},
		"response, elements null":      {ofResponse[form[[]string], form[[]*string]](), "response.f[] may be null now, and never was"},
		"request, elements not null":   {ofRequest(form[[]*string]{[]*string{new("x")}}, form[[]string]{[]string{"x"}}), "request.f[] may no longer be null"},
		"event, may be null":           {ofEvent(form[int]{1}, form[*int]{new(1)}), "payload.f may be null now, and never was"},
		"request, a limit over 2^53":   {ofRequest(limited{1}, loweredLimit{1}), "request.f had maximum 9007199254740993 and has 9007199254740992"},
		"request, fewer entries":       {ofRequest(entries{map[string]int{"a": 1, "b": 1}}, fewerEntries{map[string]int{"a": 1, "b": 1}}), "request.f had maxProperties 3 and has 2"},
		"request, more entries":        {ofRequest(entries{map[string]int{"a": 1, "b": 1}}, moreEntries{map[string]int{"a": 1, "b": 1}}), "request.f had minProperties 1 and has 2"},
		"response, another length":     {ofResponse[form[[2]int], form[[3]int]](), "response.f had maxItems 2 and has 3: an earlier caller does not expect"},
		"no longer idempotent": {change{
			func(t testing.TB) {
				contracttest.Action(t, bus.NewAction[bool, bool]("shop.change", bus.Idempotent()).Example(true))
			},
			ofResponse[bool, bool]().is,
		}, "it is no longer declared idempotent"},
	} {
		t.Run(name, func(t *testing.T) {
			if r := c.after(t); !r.Failed || !strings.Contains(r.String(), c.want) || !strings.Contains(r.String(), "-update") {
				t.Errorf("want %q:\n%s", c.want, r)
			}
		})
	}
}

func TestChangesOfOneMemberThatPass(t *testing.T) {
	for name, c := range map[string]change{
		"response, never null":           ofResponse[form[*int], form[int]](),
		"response, null where absent":    ofResponse[optionalForm[*int], optionalForm[*int]](),
		"request, null as well":          ofRequest(form[int]{1}, form[*int]{new(1)}),
		"request, keys to texts":         ofRequest(form[map[int]int]{map[int]int{1: 1}}, form[map[string]int]{map[string]int{"a": 1}}),
		"request, from its own reading":  ofRequest(form[fussy]{"x"}, form[string]{"x"}),
		"request, from its own Validate": ofRequest(form[small]{1}, form[int]{1}),
		"request, a higher limit":        ofRequest(loweredLimit{1}, limited{1}),
		"now idempotent": {ofResponse[bool, bool]().was, func(t testing.TB) {
			contracttest.Action(t, bus.NewAction[bool, bool]("shop.change", bus.Idempotent()).Example(true))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if r := c.after(t); r.Failed {
				t.Errorf("refused:\n%s", r)
			}
		})
	}
}

// lying writes something else than its kind says, and brings no form of its own.
type lying struct {
	F map[string][]*form[string] `json:"f"`
	G *form[[]byte]              `json:"g"`
	H [][]form[bool]             `json:"h,omitempty"`
	I [2]*int                    `json:"i"`
}

// What is published of a response is what goes over the wire, whatever is nil in it.
func TestSchemaAndWireAgree(t *testing.T) {
	inTempDir(t)
	set(t, "true")
	defer set(t, "false")
	r := bustest.Trial(func(t testing.TB) {
		contracttest.Action(t, bus.NewAction[bool, lying]("shop.lie").Example(true))
		contracttest.Action(t, bus.NewAction[bool, *lying]("shop.lies").Example(true))
		contracttest.Action(t, bus.NewAction[bool, []lying]("shop.liars").Example(true))
	})
	if r.Failed {
		t.Error(r)
	}
}
