package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// Side says which way values of a type go: it decides what required means.
type Side int

const (
	// Request says that a member is required if a request without it is refused.
	Request Side = iota
	// Response says that a member is required if it is always there.
	Response
	// Event says both, because who hears an event may be older or younger than who emits
	// it: a member is required if an event without it is refused, and what is always
	// there stands in a list of its own, always, which is no keyword of JSON Schema.
	Event
)

// Document writes the JSON Schema (draft 2020-12) of values of t, as they go over the
// wire. The same type gives the same bytes. A nil list, map or pointer goes as null, and
// its schema says so, unless a rule refuses it; one that may be absent is absent then.
// Nobody judges a response: its schema has no rules, but what is there and of which type.
// What marshals itself, and so has a form that its fields do not tell, is any value. The
// error is a [*TypeError].
func Document(t reflect.Type, side Side) (json.RawMessage, error) {
	if _, err := Compile(t); err != nil {
		return nil, err
	}
	w := &writer{side: side, compiler: compiler{seen: map[reflect.Type]*node{}}, names: map[reflect.Type]string{}, defs: map[string]*document{}}
	if t.Name() != "" {
		w.names[t] = "" // the document itself: #
	}
	d := w.describe(t, t.String(), tags{}, false)
	if t.Kind() == reflect.Struct && !codec.Opaque(t) {
		d = w.object(t, t.String())
	}
	d.Schema, d.Title = "https://json-schema.org/draft/2020-12/schema", t.String()
	d.Defs = w.defs
	return json.Marshal(d)
}

// document is a schema, its keywords in the order in which they are written.
type document struct {
	Schema               string               `json:"$schema,omitempty"`
	Ref                  string               `json:"$ref,omitempty"`
	Title                string               `json:"title,omitempty"`
	Description          string               `json:"description,omitempty"`
	Type                 types                `json:"type,omitempty"`
	AnyOf                []*document          `json:"anyOf,omitempty"`
	Format               string               `json:"format,omitempty"`
	ContentEncoding      string               `json:"contentEncoding,omitempty"`
	Pattern              string               `json:"pattern,omitempty"`
	Enum                 []any                `json:"enum,omitempty"`
	Minimum              json.Number          `json:"minimum,omitempty"`
	Maximum              json.Number          `json:"maximum,omitempty"`
	MinLength            json.Number          `json:"minLength,omitempty"`
	MaxLength            json.Number          `json:"maxLength,omitempty"`
	MinItems             json.Number          `json:"minItems,omitempty"`
	MaxItems             json.Number          `json:"maxItems,omitempty"`
	MinProperties        json.Number          `json:"minProperties,omitempty"`
	MaxProperties        json.Number          `json:"maxProperties,omitempty"`
	Items                *document            `json:"items,omitempty"`
	AdditionalProperties *document            `json:"additionalProperties,omitempty"`
	PropertyNames        *document            `json:"propertyNames,omitempty"`
	Properties           properties           `json:"properties,omitempty"`
	Required             []string             `json:"required,omitempty"`
	Always               []string             `json:"always,omitempty"`
	Defs                 map[string]*document `json:"$defs,omitempty"`
}

// types is one type, or several of which a value has one.
type types []string

// MarshalJSON writes one type as a string.
func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// properties are the members of an object in the order of the fields.
type properties []property

type property struct {
	name string
	is   *document
}

// MarshalJSON writes an object that keeps the order.
func (p properties) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	for i, member := range p {
		name, err := json.Marshal(member.name)
		if err != nil {
			return nil, err
		}
		is, err := json.Marshal(member.is)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(is)
	}
	return []byte("{" + b.String() + "}"), nil
}

// writer describes one type and those it refers to.
type writer struct {
	compiler

	side  Side
	names map[reflect.Type]string // of structs that have a definition
	defs  map[string]*document
}

// describe is the schema of values of t, with what a field says about them. optional
// says that a value which is none is absent instead.
func (w *writer) describe(t reflect.Type, path string, tag tags, optional bool) *document {
	null := w.goesAsNull(t, path, tag, optional)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	d := w.kind(t, path, tag)
	d.Description = tag.doc
	if w.side != Response {
		d.limit(t, tag.value)
	}
	if null {
		return d.orNull()
	}
	return d
}

// goesAsNull reports whether a value of t goes over the wire as null and is not refused
// for it.
func (w *writer) goesAsNull(t reflect.Type, path string, tag tags, optional bool) bool {
	if optional && t.Kind() == reflect.Pointer {
		t, optional = t.Elem(), false // what it points to is there
	}
	nilable := t.Kind() == reflect.Pointer || !codec.Opaque(t) && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map)
	if optional || !nilable {
		return false
	}
	return w.side == Response || !w.refusesZero(t, path, tag)
}

// orNull is the schema of what d describes, or null.
func (d *document) orNull() *document {
	switch {
	case d.Ref != "":
		return &document{Description: d.Description, AnyOf: []*document{{Ref: d.Ref}, {Type: types{"null"}}}}
	case d.Type != nil: // else it is any value
		d.Type = append(d.Type, "null")
		if d.Enum != nil {
			d.Enum = append(d.Enum, nil)
		}
	}
	return d
}

func (w *writer) kind(t reflect.Type, path string, tag tags) *document {
	if codec.Opaque(t) {
		return opaqueDocument(t)
	}
	element := tags{value: tag.items}
	switch t.Kind() {
	case reflect.Struct:
		return w.structure(t, path)
	case reflect.Map:
		return &document{Type: types{"object"}, PropertyNames: keys(t.Key()), AdditionalProperties: w.describe(t.Elem(), path+"[]", element, false)}
	case reflect.Array, reflect.Slice:
		if codec.IsBytes(t) {
			return &document{Type: types{"string"}, ContentEncoding: "base64"}
		}
		d := &document{Type: types{"array"}, Items: w.describe(t.Elem(), path+"[]", element, false)}
		if t.Kind() == reflect.Array {
			d.MinItems = json.Number(strconv.Itoa(t.Len()))
			d.MaxItems = d.MinItems
		}
		return d
	}
	return scalarDocument(t)
}

// keys is what the names of a map's entries are; nil for any text.
func keys(t reflect.Type) *document {
	switch {
	case codec.MarshalsText(t):
		return nil
	case isUnsigned(t):
		return &document{Pattern: "^(0|[1-9][0-9]*)$"}
	case isInteger(t):
		return &document{Pattern: "^(0|-?[1-9][0-9]*)$"}
	}
	return nil
}

// opaqueDocument is what is known of a type that brings its own wire form.
func opaqueDocument(t reflect.Type) *document {
	switch {
	case t == reflect.TypeFor[json.Number]():
		return &document{Type: types{"number"}}
	case t == reflect.TypeFor[time.Time]():
		return &document{Type: types{"string"}, Format: "date-time"}
	case codec.MarshalsText(t) && !codec.MarshalsJSON(t):
		return &document{Type: types{"string"}}
	}
	return &document{}
}

// scalarDocument names the size of numbers: a smaller one is another type to who
// calls.
func scalarDocument(t reflect.Type) *document {
	switch {
	case t.Kind() == reflect.String:
		return &document{Type: types{"string"}}
	case t.Kind() == reflect.Bool:
		return &document{Type: types{"boolean"}}
	case isUnsigned(t):
		return &document{Type: types{"integer"}, Format: fmt.Sprintf("uint%d", t.Bits()), Minimum: "0"}
	case isInteger(t):
		return &document{Type: types{"integer"}, Format: fmt.Sprintf("int%d", t.Bits())}
	case t.Kind() == reflect.Float32:
		return &document{Type: types{"number"}, Format: "float"}
	case t.Kind() == reflect.Float64:
		return &document{Type: types{"number"}, Format: "double"}
	}
	return &document{} // refused where the action is handled
}
