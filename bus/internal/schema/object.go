package schema

import (
	"cmp"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// structure describes a struct: in its place if it has no name, else once, in the
// definitions.
func (w *writer) structure(t reflect.Type, path string) *document {
	if t.Name() == "" {
		return w.object(t, path)
	}
	name, known := w.names[t]
	if !known {
		name = w.name(t)
		w.names[t] = name
		w.defs[name] = nil // taken
		w.defs[name] = w.object(t, t.String())
	}
	if name == "" {
		return &document{Ref: "#"}
	}
	return &document{Ref: "#/$defs/" + name}
}

// name is what the definition of t is called: the Go name, in characters that a
// reference needs no escapes for, with a number if another type has it.
func (w *writer) name(t reflect.Type) string {
	base := strings.Map(func(r rune) rune {
		if r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, t.String())
	name := base
	for i := 2; ; i++ {
		if _, taken := w.defs[name]; !taken {
			return name
		}
		name = base + "_" + strconv.Itoa(i)
	}
}

// object describes the members of a struct.
func (w *writer) object(t reflect.Type, path string) *document {
	d := &document{Type: "object"}
	for _, f := range fieldsOf(t) {
		at := path + "." + f.StructField.Name
		tag := w.tagsOf(f.StructField, at)
		is := w.describe(f.Type, at, tag)
		if f.quoted {
			is = &document{Type: "string", Description: is.Description}
		}
		d.Properties = append(d.Properties, property{f.name, is})
		if w.required(f, tag, at) {
			d.Required = append(d.Required, f.name)
		}
		if w.side == Event && !f.optional {
			d.Always = append(d.Always, f.name)
		}
	}
	return d
}

// required reports whether the member has to be there (in a request or an event) or is
// (in a response).
func (w *writer) required(f field, tag tags, path string) bool {
	switch {
	case w.side == Response:
		return !f.optional
	case tag.value.required:
		return true
	case f.optional:
		return false
	}
	find := w.value(f.Type, path, tag)
	return find != nil && refuses(find, reflect.New(f.Type))
}

// refuses reports whether the check says anything about the value that v points
// to. A Validate that cannot stand it says nothing.
func refuses(find check, v reflect.Value) (refused bool) {
	defer func() {
		if recover() != nil {
			refused = false
		}
	}()
	w := &walk{split: func(error) []Problem { return nil }}
	find(v.UnsafePointer(), w)
	return len(w.found) > 0
}

// limit adds the keywords of a tag. A required text is not blank, which no other
// keyword of JSON Schema says.
func (d *document) limit(t reflect.Type, k keywords) *document {
	for name, to := range map[string]*json.Number{
		"minimum": &d.Minimum, "maximum": &d.Maximum,
		"minLength": &d.MinLength, "maxLength": &d.MaxLength,
		"minItems": &d.MinItems, "maxItems": &d.MaxItems,
		"minProperties": &d.MinProperties, "maxProperties": &d.MaxProperties,
	} {
		*to = cmp.Or(json.Number(k.limits[name]), *to)
	}
	d.Format = cmp.Or(k.format, d.Format)
	switch {
	case k.pattern != nil:
		d.Pattern = k.pattern.String()
	case k.required && t.Kind() == reflect.String && !opaque(t):
		d.Pattern = `\S`
	}
	for _, value := range k.enum {
		if t.Kind() == reflect.String {
			d.Enum = append(d.Enum, value)
		} else {
			d.Enum = append(d.Enum, json.Number(value))
		}
	}
	return d
}
