package schema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

type documented struct {
	ID     string            `json:"id" schema:"required,maxLength=9" doc:"the id"`
	Code   code              `json:"code"`
	Kind   string            `json:"kind,omitempty" schema:"enum=a|b"`
	Count  uint16            `json:"count" schema:"maximum=7"`
	Size   int64             `json:"size,string" schema:"minimum=1"`
	Ratio  *float32          `json:"ratio"`
	Lines  []documentedLine  `json:"lines" schema:"minItems=1" items:"required"`
	Next   *documented       `json:"next,omitempty"`
	First  documentedLine    `json:"first"`
	Labels map[string]string `json:"labels,omitempty" schema:"maxProperties=3" items:"pattern=^a,b$"`
	Raw    json.RawMessage   `json:"raw,omitempty"`
	Bytes  []byte            `json:"bytes"`
	Pair   [2]bool           `json:"pair"`
	At     time.Time         `json:"at,omitzero"`
	Number json.Number       `json:"number"`
}

type documentedLine struct {
	Quantity int `json:"quantity" schema:"minimum=1"`
}

const documentedRequest = `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"schema.documented","type":"object","properties":{` +
	`"id":{"description":"the id","type":"string","pattern":"\\S","maxLength":9},` +
	`"code":{"type":"string"},` +
	`"kind":{"type":"string","enum":["a","b"]},` +
	`"count":{"type":"integer","format":"uint16","minimum":0,"maximum":7},` +
	`"size":{"type":"string"},` +
	`"ratio":{"type":["number","null"],"format":"float"},` +
	`"lines":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/schema.documentedLine"}},` +
	`"next":{"$ref":"#"},` +
	`"first":{"$ref":"#/$defs/schema.documentedLine"},` +
	`"labels":{"type":"object","maxProperties":3,"additionalProperties":{"type":"string","pattern":"^a,b$"}},` +
	`"raw":{},` +
	`"bytes":{"type":["string","null"],"contentEncoding":"base64"},` +
	`"pair":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"boolean"}},` +
	`"at":{"type":"string","format":"date-time"},` +
	`"number":{"type":"number"}},` +
	`"required":["id","code","size","lines","first"],` +
	`"$defs":{"schema.documentedLine":{"type":"object","properties":{"quantity":{"type":"integer","format":"int64","minimum":1}},"required":["quantity"]}}}`

func TestDocument(t *testing.T) {
	got, err := Document(reflect.TypeFor[documented](), Request)
	if err != nil || string(got) != documentedRequest {
		t.Errorf("got  %s, %v\nwant %s", got, err, documentedRequest)
	}
	for range 20 {
		again, err := Document(reflect.TypeFor[documented](), Request)
		if err != nil || string(again) != string(got) {
			t.Fatalf("the same type gives other bytes: %s, %v", again, err)
		}
	}
	got, err = Document(reflect.TypeFor[documented](), Response)
	for _, rule := range []string{"maxLength", "enum", `"maximum"`, `minItems":1`, "pattern", "maxProperties"} {
		if strings.Contains(string(got), rule) {
			t.Errorf("the schema of a response has %s, which nobody sees to: %s", rule, got)
		}
	}
	want := `"required":["id","code","count","size","ratio","lines","first","bytes","pair","number"]`
	if err != nil || !strings.Contains(string(got), want) {
		t.Errorf("what is always there in a response: %s, %v", got, err)
	}
	got, err = Document(reflect.TypeFor[documented](), Event)
	want = `"required":["id","code","size","lines","first"],` + strings.Replace(want, "required", "always", 1)
	if err != nil || !strings.Contains(string(got), want) {
		t.Errorf("both in an event: %s, %v", got, err)
	}
}

// What goes over the wire as null may be null, unless a rule refuses it.
func TestWhatMayBeNull(t *testing.T) {
	type holder struct {
		List   []int                 `json:"list"`
		Some   []int                 `json:"some" schema:"minItems=1"`
		Given  []string              `json:"given" schema:"required"`
		Left   []int                 `json:"left,omitempty"`
		Map    map[int]*int          `json:"map"`
		Next   *documentedLine       `json:"next"`
		Kind   *string               `json:"kind" schema:"enum=a|b"`
		Twice  **int                 `json:"twice,omitempty"`
		Quoted *int                  `json:"quoted,string"`
		Lists  [][]string            `json:"lists" items:"minItems=1"`
		By     map[string]*holderOwn `json:"by"`
		Own    *holderOwn            `json:"own"`
		*Deep
	}
	for side, want := range map[Side]string{
		Request: `"list":{"type":["array","null"],"items":{"type":"integer","format":"int64"}},` +
			`"some":{"type":"array","minItems":1,"items":{"type":"integer","format":"int64"}},` +
			`"given":{"type":"array","minItems":1,"items":{"type":"string"}},` +
			`"left":{"type":"array","items":{"type":"integer","format":"int64"}},` +
			`"map":{"type":["object","null"],"additionalProperties":{"type":["integer","null"],"format":"int64"},"propertyNames":{"pattern":"^(0|-?[1-9][0-9]*)$"}},` +
			`"next":{"anyOf":[{"$ref":"#/$defs/schema.documentedLine"},{"type":"null"}]},` +
			`"kind":{"type":["string","null"],"enum":["a","b",null]},` +
			`"twice":{"type":["integer","null"],"format":"int64"},` +
			`"quoted":{"type":["string","null"]},` +
			`"lists":{"type":["array","null"],"items":{"type":"array","minItems":1,"items":{"type":"string"}}},` +
			`"by":{"type":["object","null"],"additionalProperties":{}},"own":{},` +
			`"Deeper":{"type":"string","pattern":"\\S"}},` +
			`"required":["some","given","Deeper"],`,
		Response: `"required":["list","some","given","map","next","kind","quoted","lists","by","own"],`,
	} {
		got, err := Document(reflect.TypeFor[holder](), side)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("got  %s, %v\nwant %s", got, err, want)
		}
	}
}

type holderOwn struct{}

func (holderOwn) MarshalJSON() ([]byte, error) { return []byte("1"), nil }

func TestDocumentOfOtherTypes(t *testing.T) {
	for typ, want := range map[reflect.Type]string{
		reflect.TypeFor[[]string]():  `"title":"[]string","type":["array","null"],"items":{"type":"string"}}`,
		reflect.TypeFor[struct{}]():  `"title":"struct {}","type":"object"}`,
		reflect.TypeFor[time.Time](): `"title":"time.Time","type":"string","format":"date-time"}`,
		reflect.TypeFor[struct {
			F struct{ G int8 } `json:"f"`
		}](): `"properties":{"f":{"type":"object","properties":{"G":{"type":"integer","format":"int8"}}}}}`,
	} {
		if got, err := Document(typ, Request); err != nil || !strings.HasSuffix(string(got), want) {
			t.Errorf("%s: got %s, %v", typ, got, err)
		}
	}
	if _, err := Document(reflect.TypeFor[struct {
		F int `schema:"format=uuid"`
	}](), Response); err == nil {
		t.Error("malformed tags are described")
	}
}
