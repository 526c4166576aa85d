package schema

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// problems are what is wrong with v, as "field rule".
func problems[T any](t *testing.T, v T) []string {
	t.Helper()
	check, err := Compile(reflect.TypeFor[T]())
	if err != nil {
		t.Fatal(err)
	}
	if check == nil {
		return nil
	}
	var list []string
	for _, p := range check.Run(unsafe.Pointer(&v), func(err error) []Problem {
		var named fieldsError
		errors.As(err, &named)
		return named
	}) {
		list = append(list, strings.TrimSpace(p.Field+" "+p.Rule))
	}
	return list
}

// fieldsError is an error that names fields, as the bus has one.
type fieldsError []Problem

func (fieldsError) Error() string { return "several" }

func expect[T any](t *testing.T, v T, want ...string) {
	t.Helper()
	if got := problems(t, v); !slices.Equal(got, want) {
		t.Errorf("%+v: got %q, want %q", v, got, want)
	}
}

type code string

func (c code) Validate() error {
	if c == "good" {
		return nil
	}
	return codeError(c)
}

type codeError string

func (codeError) Error() string { return "no such code" }
func (codeError) Rule() string  { return "enum" }

type part1 struct {
	Code     code  `json:"code"`
	Optional code  `json:"optional,omitempty"`
	Pointer  *code `json:"pointer"`
	Must     code  `json:"must,omitzero" schema:"required"`
}

type pair struct{ A, B int }

func (p *pair) Validate() error {
	switch {
	case p.A > p.B:
		return fieldsError{{Field: "A", Rule: "maximum"}, {Field: "[0]", Rule: "x"}, {Rule: "y"}}
	case p.A < 0:
		return errors.New("negative")
	}
	return nil
}

func TestValidateOfParts(t *testing.T) {
	bad := code("bad")
	expect(t, part1{Code: "good", Must: "good"})
	expect(t, part1{Code: "good", Optional: bad, Pointer: &bad}, "optional enum", "pointer enum", "must required")
	expect(t, part1{Must: "good"}, "code enum")
	expect(t, []code{"good", "bad", ""}, "[1] enum", "[2] enum")
	expect(t, map[string]pair{"x": {2, 1}, "a": {-1, 0}}, "a validate", "x y", "x.A maximum", "x[0] x")
	expect(t, pair{-1, 0}, "validate")
}

// What a tag has found is not said again by a Validate that looks at the whole.
type whole struct {
	A int `schema:"minimum=1"`
	B int `schema:"minimum=1"`
}

func (w whole) Validate() error {
	if w.A == 0 {
		return fieldsError{{Field: "A", Rule: "again"}, {Field: "C", Rule: "new"}}
	}
	return errors.New("plain")
}

func TestNothingIsSaidTwice(t *testing.T) {
	expect(t, whole{0, 1}, "A minimum", "C new")
	expect(t, whole{1, 0}, "B minimum")
	expect(t, whole{1, 1}, "validate")
}

type inner struct {
	ID     string `json:"id" schema:"required"`
	Hidden string `json:"name" schema:"minLength=9"`
}

type Deep struct {
	Deeper string `schema:"required"`
}

type outer struct {
	inner
	*Deep
	Name string `json:"name" schema:"maxLength=3"`
}

func TestEmbeddedFieldsAreTheOutersOwn(t *testing.T) {
	expect(t, outer{Name: "four"}, "name maxLength", "id required", "Deeper required")
	expect(t, outer{Name: "abc", inner: inner{ID: "1"}, Deep: &Deep{}}, "Deeper required")
}

type Optional struct {
	Note string `json:"note" schema:"minLength=1"`
	Must string `json:"must" schema:"required"`
}

// Of an embedded pointer that is nil the required fields are missing; the others are
// absent with it.
func TestNilEmbeddedPointers(t *testing.T) {
	type holder struct {
		*Optional
	}
	expect(t, holder{}, "must required")
	expect(t, holder{&Optional{Must: "x"}}, "note minLength")
}

// What is behind a pointer is as empty as it would be without.
func TestRequiredPointers(t *testing.T) {
	type holder struct {
		Text  *string         `json:"text" schema:"required"`
		Plain string          `json:"plain" schema:"required"`
		Twice **named         `json:"twice" schema:"required"`
		List  *[]int          `json:"list" schema:"required"`
		Map   *map[string]int `json:"map" schema:"required"`
		Zero  *int            `json:"zero" schema:"required"`
		False *bool           `json:"false" schema:"required"`
		Texts []*string       `json:"texts" items:"required"`
	}
	blank, word, zero, no := " \t", "x", 0, false
	blankName, name := named(" "), named("n")
	blankTwice, twice := &blankName, &name
	expect(t, holder{}, "text required", "plain required", "twice required", "list required", "map required", "zero required", "false required")
	expect(t, holder{&blank, blank, &blankTwice, &[]int{}, &map[string]int{}, &zero, &no, []*string{&blank, nil, &word}},
		"text required", "plain required", "twice required", "list required", "map required", "texts[0] required", "texts[1] required")
	expect(t, holder{&word, word, &twice, &[]int{1}, &map[string]int{"": 1}, &zero, &no, nil})
}

type named string

type tree struct {
	Name string  `json:"name" schema:"required"`
	Down []*tree `json:"down,omitempty"`
}

func TestRecursiveTypes(t *testing.T) {
	expect(t, tree{Name: "a", Down: []*tree{{Name: "b"}, nil, {Down: []*tree{{}}}}}, "down[2].name required", "down[2].down[0].name required")
	loop := &tree{Name: "a"}
	loop.Down = []*tree{loop, loop}
	expect(t, *loop, "down maxDepth")
}

type plainTree struct {
	Down []plainTree
	At   time.Time
}

func TestTypesWithoutRulesHaveNoCheck(t *testing.T) {
	for _, typ := range []reflect.Type{reflect.TypeFor[plainTree](), reflect.TypeFor[string](), reflect.TypeFor[map[string][]int]()} {
		if check, err := Compile(typ); check != nil || err != nil {
			t.Errorf("%s: %v, %v", typ, check, err)
		}
	}
}

type sealed struct{ Inner []tree }

func (sealed) MarshalText() ([]byte, error) { return nil, nil }

// Rules inside a type that marshals itself would be nobody's.
func TestRulesThatNobodyApplies(t *testing.T) {
	type holder struct {
		At     time.Time
		Sealed map[string]*sealed `json:"sealed"`
	}
	_, err := Compile(reflect.TypeFor[holder]())
	if want := "schema.holder.Sealed[].Inner[].Name has rules that nobody would apply, because schema.sealed marshals itself"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Lengths are counted in characters, not in bytes; so are limits of maps in entries.
func TestLengthsAreCharacters(t *testing.T) {
	type holder struct {
		Name string         `json:"name" schema:"minLength=3,maxLength=4"`
		Map  map[string]int `json:"map" schema:"minProperties=1,maxProperties=2"`
	}
	one := map[string]int{"a": 1}
	expect(t, holder{"жжжж", one})
	expect(t, holder{"жж", one}, "name minLength")
	expect(t, holder{"жжжжж", one}, "name maxLength")
	expect(t, holder{"👋👋👋", map[string]int{}}, "map minProperties")
	expect(t, holder{"abc", map[string]int{"a": 1, "b": 2, "c": 3}}, "map maxProperties")
}

func TestProblemsAreBounded(t *testing.T) {
	got := problems(t, make([]tree, 5000))
	if len(got) != maxProblems+1 || got[0] != "[0].name required" || got[maxProblems] != "" {
		t.Errorf("%d problems, the last is %q", len(got), got[len(got)-1])
	}
}

type formatted struct {
	Date  string `json:"date,omitempty" schema:"format=date"`
	Time  string `json:"time,omitempty" schema:"format=date-time"`
	Email string `json:"email,omitempty" schema:"format=email"`
	URI   string `json:"uri,omitempty" schema:"format=uri"`
	UUID  string `json:"uuid,omitempty" schema:"format=uuid"`
}

func TestFormats(t *testing.T) {
	expect(t, formatted{})
	expect(t, formatted{"2024-02-29", "2024-02-29T12:00:00.5+02:00", "a.b@example.org", "https://example.org/a?b=c#d", "123e4567-E89B-12d3-a456-426614174000"})
	expect(t, formatted{"2023-02-29", "2024-02-29 12:00", "a@", "example.org/x", "123e4567-e89b-12d3-a456-42661417400g"},
		"date format", "time format", "email format", "uri format", "uuid format")
}

// What looks like one and is none, and what looks like none and is one.
func TestFormatsInDetail(t *testing.T) {
	for format, cases := range map[string]map[bool][]string{
		"email": {
			true:  {"a@b", "o'neil+x@sub.example.org", "жук@приклад.укр", "a@b-c.d2", strings.Repeat("a", 64) + "@b.c"},
			false: {"a\x00@b", "a@b\n", "a b@c", "a@b c", "@b", "a@", "a@@b", "a@b@c", ".a@b", "a.@b", "a..b@c", "a@-b", "a@b-", "a@.b", "a@b..c", "a\u200b@b", "a\x7f@b", "a,b@c", "<a@b>", "a\xff@b", strings.Repeat("a", 65) + "@b.c"},
		},
		"uri": {
			true:  {"https://example.org/a?b=c#d", "urn:isbn:1", "mailto:a@b", "http://u:p@h:80/%41", "http://[::1]:80/x", "file:///tmp/x", "a:b", "http://h?x=/y?z", "http://h#f"},
			false: {"https://exa mple", "http://h/\x00", "http://h/%zz", "http://h/%4", "//h/x", "http://[h/x", "http://h]", "http:", "1a:b", "http://h/\n", "http://h/ж", "http://h#a#b"},
		},
		"date-time": {
			true:  {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.123456789-03:30"},
			false: {"2024-02-29T1:00:00Z", "2024-02-29T12:00:00,5Z", "2024-02-29T12:00:00+25:00", "2024-02-30T12:00:00Z", "2024-02-29T24:00:00Z", "2024-02-29T12:00:00", "2024-02-29T12:00:00Z\n"},
		},
		"date": {true: {"2024-02-29"}, false: {"2024-2-29", "2024-02-30", "02024-02-01", "2024-02-01\x00", "2024-02-01Z"}},
		"uuid": {true: {"123e4567-E89B-12d3-a456-426614174000"}, false: {"123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-42661417400}", "123e4567-e89b-12d3-a456-42661417400\x00"}},
	} {
		for valid, texts := range cases {
			for _, text := range texts {
				if formats[format].has(text) != valid {
					t.Errorf("%q as %s: want %t", text, format, valid)
				}
			}
		}
	}
}

func TestMalformedTags(t *testing.T) {
	for tag, want := range map[string]string{
		`schema:"minLength"`:                "gives minLength no value",
		`schema:"required=true"`:            "gives required a value",
		`schema:"minLength=2,minLength=3"`:  "says minLength twice",
		`schema:"minLength=3,maxLength=2"`:  "minLength=3 above maxLength=2",
		`schema:"minLength=-1"`:             "minLength=-1, which is no number",
		`schema:"format=postcode"`:          `unknown format "postcode": known are date, date-time, email, uri, uuid`,
		`schema:"minimum=1"`:                "minimum, which a string cannot be asked for",
		`schema:"pattern=a,minLength=2,("`:  "a pattern that is none",
		`items:"required"`:                  "has a tag items, and a string has none",
		`schema:"uniqueItems"`:              `unknown keyword "uniqueItems"`,
		`schema:"requird"`:                  `pattern comes last; did you mean required?`,
		`schema:"minlength=2"`:              `; did you mean minLength?`,
		`schema:"format=emial"`:             `; did you mean email?`,
		`schema:"required,,maxLength=2"`:    `unknown keyword ""`,
		`schema:"minProperties=1,format=a"`: `unknown format "a"`,
	} {
		typ := reflect.StructOf([]reflect.StructField{{Name: "F", Type: reflect.TypeFor[string](), Tag: reflect.StructTag(tag)}})
		var wrong *TypeError
		if _, err := Compile(typ); !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ".F has") && !strings.Contains(err.Error(), ".F ") {
			t.Errorf("%s: got %v, want %q", tag, err, want)
		}
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[struct {
			F int8 `schema:"maximum=128"`
		}](),
		reflect.TypeFor[struct {
			F uint `schema:"enum=1|-1"`
		}](),
		reflect.TypeFor[struct {
			Deep `schema:"required"`
		}](),
		reflect.TypeFor[struct {
			F time.Time `schema:"minLength=1"`
		}](),
		reflect.TypeFor[struct {
			F []byte `items:"minimum=1"`
		}](),
	} {
		if _, err := Compile(typ); err == nil {
			t.Errorf("%s is accepted", typ)
		}
	}
}

func Example() {
	type line struct {
		Quantity int `json:"quantity" schema:"minimum=1"`
	}
	request := struct {
		Lines []line `json:"lines" schema:"maxItems=10"`
	}{Lines: []line{{Quantity: 1}, {Quantity: -2}}}

	check, err := Compile(reflect.TypeOf(request))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range check.Run(unsafe.Pointer(&request), func(error) []Problem { return nil }) {
		fmt.Println(p.Field, p.Message)
	}
	// Output: lines[1].quantity must be at least 1, not -2
}
