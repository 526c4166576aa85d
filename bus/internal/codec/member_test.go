package codec

import (
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

func losses[T any]() (list []string) {
	_, all := Members(reflect.TypeFor[T]())
	for _, l := range all {
		list = append(list, l.Field+" "+l.Why)
	}
	return list
}

func TestWhatJSONWouldLoseIsNamed(t *testing.T) {
	for want, got := range map[string][]string{
		`B is called "a" in JSON, as is A`: losses[struct {
			A int `json:"a"`
			B int `json:"a"`
		}](),
		`B is called "A" in JSON, as is A`: losses[struct {
			A int
			B int `json:"A"`
		}](),
		`Right.ID is called "id" in JSON, as is Left.ID`: losses[struct {
			Left
			Right
		}](),
		`Left.Name is called "name" in JSON, as is Name`: losses[struct {
			Left
			Name string `json:"name"`
		}](),
		`Left.ID is called "id" in JSON, as is ID`: losses[struct {
			*Left
			ID string `json:"id"`
		}](),
		`Loop embeds codec.Loop once more`: losses[Loop](),
		`Time is embedded and marshals itself: give it a name`: losses[struct {
			time.Time
			A int
		}](),
		`A has the option "required" in its tag json`: losses[struct {
			A int `json:"a,required"`
		}](),
		`A has the option "omitemtpy" in its tag json`: losses[struct {
			A int `json:"a,omitemtpy"`
		}](),
		`A has the option string, which only`: losses[struct {
			A []int `json:"a,string"`
		}](),
		`A has the JSON name "a'b", which`: losses[struct {
			A int `json:"a'b"`
		}](),
	} {
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := losses[zoo](); got != nil {
		t.Errorf("of a type that JSON has in full: %q", got)
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
	rules := []string{"required", "maxLength", "format"}
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
		err := Tag(reflect.StructTag(tag), rules)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", tag, err, want)
		}
	}
}
