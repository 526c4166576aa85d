package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// basket has one of each kind of rule.
type basket struct {
	Project  string            `json:"project" schema:"required" doc:"the project that sells"`
	Domain   string            `json:"domain" schema:"enum=payments|pricing"`
	Currency string            `json:"currency" schema:"pattern=^[A-Z]{3,3}$"`
	Locale   string            `json:"locale,omitempty" schema:"pattern=^[a-z]{2}$" doc:"a language such as uk"`
	Lines    []basketLine      `json:"lines" schema:"minItems=1,maxItems=3"`
	Codes    []string          `json:"codes,omitempty" items:"required,maxLength=5"`
	Labels   map[string]string `json:"labels,omitempty" schema:"maxProperties=2" items:"minLength=2"`
	Gift     *basketLine       `json:"gift,omitempty"`
	Key      string            `json:"key,omitempty" schema:"format=uuid"`
}

type basketLine struct {
	ID       string  `json:"id" schema:"required,maxLength=4"`
	Quantity int64   `json:"quantity" schema:"minimum=1,maximum=9007199254740993"`
	Weight   float32 `json:"weight,omitempty" schema:"minimum=0.5"`
	Kind     uint8   `json:"kind,omitempty" schema:"enum=1|2"`
}

// Validate says what no tag can.
func (b basket) Validate() error {
	seen := map[string]bool{}
	var twice []FieldError
	for i, line := range b.Lines {
		if seen[line.ID] {
			twice = append(twice, FieldError{Field: fmt.Sprintf("lines[%d].id", i), Rule: "unique", Message: "is there already"})
		}
		seen[line.ID] = true
	}
	if twice != nil {
		return Invalid(twice...)
	}
	return nil
}

func goodBasket() basket {
	return basket{Project: "demo", Domain: "pricing", Currency: "USD", Lines: []basketLine{{ID: "a", Quantity: 1}}}
}

var allWrong = basket{
	Project: " ", Domain: "tax", Currency: "usd", Locale: "UK",
	Lines:  []basketLine{{ID: "abcde", Quantity: 0, Weight: 0.25, Kind: 3}, {ID: "b", Quantity: 9007199254740994}, {}, {ID: "b", Quantity: 1}},
	Codes:  []string{"A", " ", "TOOLONG"},
	Labels: map[string]string{"x": "ok", "b": "1", "a": ""},
	Gift:   &basketLine{Quantity: 1},
	Key:    "123",
}

// everything is what is wrong with allWrong, in the order of the fields.
var everything = []string{
	"project required must not be empty: the project that sells",
	`domain enum must be one of payments, pricing, not "tax"`,
	"currency pattern must be written as ^[A-Z]{3,3}$",
	"locale pattern must be a language such as uk",
	"lines maxItems must have at most 3 items, not 4",
	"lines[0].id maxLength must have at most 4 characters, not 5",
	"lines[0].quantity minimum must be at least 1, not 0",
	"lines[0].weight minimum must be at least 0.5, not 0.25",
	"lines[0].kind enum must be one of 1, 2, not 3",
	"lines[1].quantity maximum must be at most 9007199254740993, not 9007199254740994",
	"lines[2].id required must not be empty",
	"lines[2].quantity minimum must be at least 1, not 0",
	"codes[1] required must not be empty",
	"codes[2] maxLength must have at most 5 characters, not 7",
	"labels maxProperties must have at most 2 entries, not 3",
	"labels.a minLength must have at least 2 characters, not 0",
	"labels.b minLength must have at least 2 characters, not 1",
	"gift.id required must not be empty",
	"key format must be a UUID such as 123e4567-e89b-12d3-a456-426614174000",
	"lines[3].id unique is there already",
}

func problemList(t *testing.T, err error) []string {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != InvalidArgument {
		t.Fatalf("got %v, want InvalidArgument", err)
	}
	var list []string
	for _, f := range e.Fields() {
		list = append(list, strings.TrimSpace(f.Field+" "+f.Rule+" "+f.Message))
	}
	return list
}

// Proves: B8
func TestRequestsAreValidatedAtEveryEntrance(t *testing.T) {
	body, err := json.Marshal(allWrong)
	if err != nil {
		t.Fatal(err)
	}
	for _, options := range []Options{{}, {Strict: true}} {
		n, _ := quietNode(t, options)
		served := 0
		a := NewAction[basket, pong]("shop.fill")
		a.Handle(n.View("shop"), func(context.Context, basket) (pong, error) { served++; return pong{}, nil })
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		view := n.View("test")
		for way, call := range map[string]func() error{
			"call":   func() error { _, err := a.Call(t.Context(), view, allWrong); return err },
			"policy": func() error { _, err := a.With(Timeout(time.Minute)).Call(t.Context(), view, allWrong); return err },
			"JSON":   func() error { _, err := n.CallJSON(t.Context(), view, "shop.fill", body); return err },
			"dispatch": func() error {
				_, err := n.Dispatch(t.Context(), view, Message{Action: "shop.fill", Body: body})
				return err
			},
		} {
			err := call()
			if got := problemList(t, err); !slices.Equal(got, everything) {
				t.Errorf("%s, strict %v:\ngot  %s\nwant %s", way, options.Strict, strings.Join(got, "\n     "), strings.Join(everything, "\n     "))
			}
			if e := (*Error)(nil); !errors.As(err, &e) || e.Action != "shop.fill" || e.Service != "shop" {
				t.Errorf("%s does not say who refused: %+v", way, e)
			}
		}
		if served != 0 {
			t.Errorf("the handler ran %d times", served)
		}
		if _, err := a.Call(t.Context(), view, goodBasket()); err != nil || served != 1 {
			t.Errorf("a good request: %v, served %d", err, served)
		}
	}
}

// What JSON leaves out is zero, and the rules decide about it.
func TestMissingFieldsAreZeroAndValidationDecides(t *testing.T) {
	n, _ := quietNode(t, Options{})
	NewAction[basket, pong]("shop.fill").Handle(n.View("shop"), func(context.Context, basket) (pong, error) { return pong{}, nil })
	_, err := n.CallJSON(t.Context(), n.View("test"), "shop.fill", []byte(`{"project":"demo","currency":"USD"}`))
	want := []string{`domain enum must be one of payments, pricing, not ""`, "lines minItems must have at least 1 item, not 0"}
	if got := problemList(t, err); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestBodiesThatDoNotFitNameTheField(t *testing.T) {
	n, _ := quietNode(t, Options{})
	NewAction[basket, pong]("shop.fill").Handle(n.View("shop"), func(context.Context, basket) (pong, error) { return pong{}, nil })
	for body, want := range map[string]string{
		`{"project":7}`:                `project type must be a string, not a number`,
		`{"lines":[{"quantity":"1"}]}`: `lines[0].quantity type must be a whole number that fits int64, not a string`,
		`{"lines":[{"colour":"red"}]}`: `lines[0].colour additionalProperties is no known field`,
		`{"lines":{}}`:                 `lines type must be a list, not an object`,
	} {
		_, err := n.CallJSON(t.Context(), n.View("test"), "shop.fill", []byte(body))
		if got := problemList(t, err); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

type wrongTags struct {
	Count int    `schema:"minLength=1"`
	Name  string `schema:"maxlength=5"`
	Inner []struct {
		Code string `schema:"pattern=["`
	}
	Flag bool `schema:"required"`
}

func TestMalformedTagsAreWiringMistakes(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a := NewAction[wrongTags, pong]("shop.wrong")
	a.Handle(n.View("shop"), func(context.Context, wrongTags) (pong, error) { return pong{}, nil })
	err := n.Check()
	if err == nil {
		t.Fatal("malformed tags are accepted")
	}
	for _, part := range []string{
		"contract_validation_test.go", "shop.wrong", "bus.wrongTags.Count has minLength", "bus.wrongTags.Name has the unknown keyword",
		"bus.wrongTags.Inner[].Code has a pattern that is none", "bus.wrongTags.Flag is a required bool",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
}

// What is not asked for costs nothing; see BenchmarkNested.
func TestNestedCallsWithoutRulesAllocateNothing(t *testing.T) {
	view, add := addNode(t)
	within(t, view, func(ctx context.Context) {
		if got := testing.AllocsPerRun(100, func() { _, _ = add.Call(ctx, view, sum{1, 2}) }); got > 0 {
			t.Errorf("%v allocations", got)
		}
	})
}

// BenchmarkNestedValidated is BenchmarkNested with a request that has two rules.
func BenchmarkNestedValidated(b *testing.B) {
	type ruled struct {
		A int64 `schema:"minimum=0"`
		B int64 `schema:"maximum=10"`
	}
	n := NewNode(Options{})
	add := NewAction[ruled, total]("math.ruled")
	add.Handle(n.View("math"), func(_ context.Context, r ruled) (total, error) { return total{r.A + r.B}, nil })
	view := n.View("bench")
	within(b, view, func(ctx context.Context) {
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			if _, err := add.Call(ctx, view, ruled{int64(i), 1}); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
	})
}
