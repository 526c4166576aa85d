package schema

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"
)

// field is a member of a struct as JSON sees it: those of embedded structs are
// the struct's own.
type field struct {
	reflect.StructField

	name     string // in JSON
	route    []hop  // from the struct's address to the field's
	optional bool   // JSON omits it when it is empty
	quoted   bool   // a number that is written as a string
	tagged   bool   // the name is from the tag
}

// hop is one step towards a field: an offset, and the pointer that is there.
type hop struct {
	offset  uintptr
	pointer bool // an embedded pointer, to be followed
}

// level is a struct whose fields are still to be looked at.
type level struct {
	typ   reflect.Type
	route []hop
}

// fieldsOf lists the members of a struct by the rules of encoding/json: a name
// that is nearer hides one that is deeper, and of two equally near ones the one
// with a tag wins, or none.
func fieldsOf(t reflect.Type) []field {
	var found []field
	taken, visited := map[string]bool{}, map[reflect.Type]bool{}
	for next := []level{{typ: t}}; len(next) > 0; {
		var here []field
		here, next = spread(next, visited)
		for _, f := range here {
			if !taken[f.name] && wins(f, here) {
				found = append(found, f)
			}
		}
		for _, f := range here {
			taken[f.name] = true
		}
	}
	return found
}

// spread lists the named fields of one depth, and the embedded structs below.
func spread(levels []level, visited map[reflect.Type]bool) (here []field, below []level) {
	for _, l := range levels {
		if visited[l.typ] {
			continue
		}
		visited[l.typ] = true
		for sf := range l.typ.Fields() {
			f, embedded, ok := member(sf, l.route)
			switch {
			case !ok:
			case embedded != nil:
				below = append(below, level{embedded, f.route})
			default:
				here = append(here, f)
			}
		}
	}
	return here, below
}

// member is one field of a struct; embedded is set for one whose own fields are
// to be taken instead.
func member(sf reflect.StructField, route []hop) (f field, embedded reflect.Type, ok bool) {
	tag := sf.Tag.Get("json")
	if tag == "-" {
		return field{}, nil, false
	}
	name, options, _ := strings.Cut(tag, ",")
	f = field{StructField: sf, name: name, tagged: name != ""}
	step := hop{offset: sf.Offset}
	if sf.Anonymous && name == "" {
		inner := sf.Type
		if inner.Kind() == reflect.Pointer {
			inner, step.pointer = inner.Elem(), true
		}
		if inner.Kind() == reflect.Struct && !opaque(inner) {
			f.route = append(append([]hop{}, route...), step)
			return f, inner, true
		}
		step.pointer = false
	}
	if !sf.IsExported() {
		return field{}, nil, false
	}
	f.route = append(append([]hop{}, route...), step)
	if name == "" {
		f.name = sf.Name
	}
	for option := range strings.SplitSeq(options, ",") {
		f.optional = f.optional || option == "omitempty" || option == "omitzero"
		f.quoted = f.quoted || option == "string"
	}
	return f, nil, true
}

// wins reports whether f is what JSON takes among the fields of its depth.
func wins(f field, here []field) bool {
	for _, other := range here {
		rival := other.name == f.name && !slices.Equal(other.route, f.route)
		if rival && (other.tagged || !f.tagged) {
			return false
		}
	}
	return true
}

// opaque reports whether a type's wire form is not what its fields and kind say.
func opaque(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[json.RawMessage]() ||
		t == reflect.TypeFor[json.Number]() || marshalsJSON(t) || marshalsText(t)
}

func marshalsJSON(t reflect.Type) bool { return implements[json.Marshaler](t) }

func marshalsText(t reflect.Type) bool { return implements[encoding.TextMarshaler](t) }

// implements looks at *T too: the codec addresses what it can. A pointer type is
// judged by what it points to.
func implements[I any](t reflect.Type) bool {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return false
	}
	want := reflect.TypeFor[I]()
	return t.Implements(want) || reflect.PointerTo(t).Implements(want)
}
