package schema

import (
	"cmp"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
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
	d := &document{Type: types{"object"}}
	members, _ := codec.Members(t)
	for _, f := range members {
		at := path + "." + f.StructField.Name
		tag := w.tagsOf(f.StructField, at)
		is := w.describe(f.Type, at, tag, f.Optional)
		if f.Quoted {
			nullable := len(is.Type) > 1
			if is = (&document{Type: types{"string"}, Description: is.Description}); nullable {
				is = is.orNull()
			}
		}
		d.Properties = append(d.Properties, property{f.Name, is})
		always := !f.Optional && !f.Borrowed
		if w.required(f, tag, at, always) {
			d.Required = append(d.Required, f.Name)
		}
		if w.side == Event && always {
			d.Always = append(d.Always, f.Name)
		}
	}
	return d
}

// required reports whether the member has to be there (in a request or an event) or is
// (in a response).
func (w *writer) required(f codec.Member, tag tags, path string, always bool) bool {
	switch {
	case w.side == Response:
		return always
	case tag.value.required:
		return true
	}
	return always && w.refusesZero(f.Type, path, tag)
}

// refusesZero reports whether the zero value of t breaks a rule.
func (w *writer) refusesZero(t reflect.Type, path string, tag tags) bool {
	find := w.present(t, w.value(t, path, tag), tag, path)
	return find != nil && refuses(find, reflect.New(t))
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
// keyword of JSON Schema says, and a required list or map is not empty.
func (d *document) limit(t reflect.Type, k keywords) {
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
	case k.required && t.Kind() == reflect.String && !codec.Opaque(t):
		d.Pattern = `\S`
	case k.required && codec.IsBytes(t):
		d.MinLength = atLeastOne(d.MinLength)
	case k.required && codec.IsCollection(t) && t.Kind() == reflect.Slice:
		d.MinItems = atLeastOne(d.MinItems)
	case k.required && codec.IsCollection(t) && t.Kind() == reflect.Map:
		d.MinProperties = atLeastOne(d.MinProperties)
	}
	for _, value := range k.enum {
		if t.Kind() == reflect.String {
			d.Enum = append(d.Enum, value)
		} else {
			d.Enum = append(d.Enum, json.Number(value))
		}
	}
}

func atLeastOne(limit json.Number) json.Number {
	if limit == "" || limit == "0" {
		return "1"
	}
	return limit
}
