package codec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

type Left struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type Right struct {
	ID string `json:"id"`
}

type Loop struct {
	*Loop

	A int
}

func losses(t reflect.Type) (list []string) {
	_, all := Members(t)
	for _, l := range all {
		list = append(list, l.Field+" "+l.Why)
	}
	return list
}

// tagged is a field of a struct; types with wrong tags are made here because go vet
// would say what is wrong with them.
func tagged(name string, t reflect.Type, json string) reflect.StructField {
	return reflect.StructField{Name: name, Type: t, Tag: reflect.StructTag(`json:"` + json + `"`)}
}

func embed[T any]() reflect.StructField {
	t := reflect.TypeFor[T]()
	name := t.Name()
	if t.Kind() == reflect.Pointer {
		name = t.Elem().Name()
	}
	return reflect.StructField{Name: name, Type: t, Anonymous: true}
}

func TestWhatJSONWouldLoseIsNamed(t *testing.T) {
	number := reflect.TypeFor[int]()
	for want, fields := range map[string][]reflect.StructField{
		`B is called "a" in JSON, as is A`:                    {tagged("A", number, "a"), tagged("B", number, "a")},
		`B is called "A" in JSON, as is A`:                    {tagged("A", number, ""), tagged("B", number, "A")},
		`Right.ID is called "id" in JSON, as is Left.ID`:      {embed[Left](), embed[Right]()},
		`Left.Name is called "name" in JSON, as is Name`:      {embed[Left](), tagged("Name", number, "name")},
		`Left.ID is called "id" in JSON, as is ID`:            {embed[*Left](), tagged("ID", number, "id")},
		`Loop.Loop embeds codec.Loop once more`:               {embed[Loop]()},
		`A has the option "required" in its tag json`:         {tagged("A", number, "a,required")},
		`A has the option "omitemtpy" in its tag json`:        {tagged("A", number, "a,omitemtpy")},
		`A has the option string, which only`:                 {tagged("A", reflect.TypeFor[[]int](), "a,string")},
		`A has the option string, which only numbers, texts`:  {tagged("A", reflect.TypeFor[time.Time](), "a,string")},
		`A has the JSON name "a'b", which JSON tags do not t`: {tagged("A", number, "a'b")},
	} {
		if got := losses(reflect.StructOf(fields)); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	type stamped struct {
		time.Time
		json.Number
		A int
	}
	if got, want := losses(reflect.TypeFor[stamped]()), "Time is embedded and marshals itself: give it a name"; len(got) != 2 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := losses(reflect.TypeFor[zoo]()); got != nil {
		t.Errorf("of a type that JSON has in full: %q", got)
	}
}

type overridden struct {
	time.Time

	Zone string
}

func (overridden) MarshalJSON() ([]byte, error) { return nil, nil }

type overriddenByPointer struct {
	time.Time

	Zone string
}

func (*overriddenByPointer) MarshalJSON() ([]byte, error) { return nil, nil }

func TestLender(t *testing.T) {
	type noted struct {
		time.Time

		Note string
	}
	type wrapped struct{ time.Time }
	type pointed struct {
		*time.Time

		Note string
	}
	for typ, want := range map[reflect.Type]string{
		reflect.TypeFor[noted](): "Time", reflect.TypeFor[pointed](): "Time", reflect.TypeFor[wrapped](): "", reflect.TypeFor[time.Time](): "",
		reflect.TypeFor[overridden](): "", reflect.TypeFor[overriddenByPointer](): "", reflect.TypeFor[cage](): "",
	} {
		if got := Lender(typ); got != want {
			t.Errorf("%s: got %q, want %q", typ, got, want)
		}
	}
}

func TestMembers(t *testing.T) {
	members, _ := Members(reflect.TypeFor[struct {
		*Guest
		Skipped string `json:"-"`
		Dash    string `json:"-,"`
		Left
		Last *int `json:"last,omitzero,string"`
	}]())
	var names []string
	for _, m := range members {
		names = append(names, fmt.Sprintf("%s %t %t %t", m.Name, m.Optional, m.Quoted, m.Borrowed))
	}
	want := []string{"- false false false", "last true true false", "visits false false true", "badge false false true", "id false false false", "name false false false"}
	if !slices.Equal(names, want) { // optional, quoted, borrowed
		t.Errorf("got %q, want %q", names, want)
	}
}

func TestTags(t *testing.T) {
	for tag, want := range map[string]string{
		``: "", `json:"a"`: "", `json:"a" schema:"required"`: "", `  json:"a"   yaml:"b" `: "", `schema:"pattern=^\\d+$"`: "", `xml:"a,attr" json:""`: "",
		`schema:"required,pattern=^\d+$"`: "each backslash written twice",
		`schema: "required"`:              "without a space",
		`json:"id",schema:"required"`:     "separated by spaces",
		`json:"id"schema:"required"`:      "separated by spaces",
		`json:"id" schema:required`:       "in double quotes",
		"json:\"id\" schema:`required`":   "in double quotes",
		`json:"id" schema:'required'`:     "in double quotes",
		`json:"id" schema="required"`:     `malformed tag at "schema=`,
		`json:"id" schema`:                `malformed tag at "schema"`,
		`json:"id" required`:              `malformed tag at "required"`,
		`json:"id" schema:"required`:      "in double quotes",
		`json :"id"`:                      `malformed tag at "json :`,
		`json:"id" json:"ID"`:             "the tag json twice",
		`schema:"a" schema:"b"`:           "the tag schema twice",
		`Schema:"required"`:               "did you mean schema?",
		`JSON:"id"`:                       "did you mean json?",
		`shema:"required"`:                "did you mean schema?",
		`scheam:"required"`:               "did you mean schema?",
		`schemas:"required"`:              "did you mean schema?",
		`item:"required"`:                 "did you mean items?",
		`Doc:"a"`:                         "did you mean doc?",
		`required:"true"`:                 "rules stand in the tag schema",
		`maxlength:"3"`:                   "rules stand in the tag schema",
	} {
		err := Tag(reflect.StructTag(tag))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", tag, err, want)
		}
	}
}
