package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
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

// Document writes the JSON Schema (draft 2020-12) of values of t. The same type
// gives the same bytes. A member that may be absent may as well be null. What
// marshals itself, and so has a form that its fields do not tell, is any value. The
// error is a [*TypeError].
func Document(t reflect.Type, side Side) (json.RawMessage, error) {
	if _, err := Compile(t); err != nil {
		return nil, err
	}
	w := &writer{side: side, compiler: compiler{seen: map[reflect.Type]*node{}}, names: map[reflect.Type]string{}, defs: map[string]*document{}}
	if t.Name() != "" {
		w.names[t] = "" // the document itself: #
	}
	d := w.describe(t, t.String(), tags{})
	if t.Kind() == reflect.Struct && !opaque(t) {
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
	Type                 string               `json:"type,omitempty"`
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
	Properties           properties           `json:"properties,omitempty"`
	Required             []string             `json:"required,omitempty"`
	Always               []string             `json:"always,omitempty"`
	Defs                 map[string]*document `json:"$defs,omitempty"`
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

// describe is the schema of values of t, with what a field says about them.
func (w *writer) describe(t reflect.Type, path string, tag tags) *document {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	d := w.kind(t, path, tag)
	d.Description = tag.doc
	return d.limit(t, tag.value)
}

func (w *writer) kind(t reflect.Type, path string, tag tags) *document {
	if opaque(t) {
		return opaqueDocument(t)
	}
	element := tags{value: tag.items}
	switch t.Kind() {
	case reflect.Struct:
		return w.structure(t, path)
	case reflect.Map:
		return &document{Type: "object", AdditionalProperties: w.describe(t.Elem(), path+"[]", element)}
	case reflect.Array, reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 && t.Kind() == reflect.Slice {
			return &document{Type: "string", ContentEncoding: "base64"}
		}
		d := &document{Type: "array", Items: w.describe(t.Elem(), path+"[]", element)}
		if t.Kind() == reflect.Array {
			d.MinItems = json.Number(strconv.Itoa(t.Len()))
			d.MaxItems = d.MinItems
		}
		return d
	}
	return scalarDocument(t)
}

// opaqueDocument is what is known of a type that brings its own wire form.
func opaqueDocument(t reflect.Type) *document {
	switch {
	case t == reflect.TypeFor[json.Number]():
		return &document{Type: "number"}
	case t == reflect.TypeFor[time.Time]():
		return &document{Type: "string", Format: "date-time"}
	case marshalsText(t) && !marshalsJSON(t):
		return &document{Type: "string"}
	}
	return &document{}
}

// scalarDocument names the size of numbers: a smaller one is another type to who
// calls.
func scalarDocument(t reflect.Type) *document {
	switch {
	case t.Kind() == reflect.String:
		return &document{Type: "string"}
	case t.Kind() == reflect.Bool:
		return &document{Type: "boolean"}
	case isUnsigned(t):
		return &document{Type: "integer", Format: fmt.Sprintf("uint%d", t.Bits()), Minimum: "0"}
	case isInteger(t):
		return &document{Type: "integer", Format: fmt.Sprintf("int%d", t.Bits())}
	case t.Kind() == reflect.Float32:
		return &document{Type: "number", Format: "float"}
	case t.Kind() == reflect.Float64:
		return &document{Type: "number", Format: "double"}
	}
	return &document{} // refused where the action is handled
}
