package codec

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// Member is a member of a struct as JSON has it: those of embedded structs are the
// struct's own.
type Member struct {
	reflect.StructField

	Name     string // in JSON
	Route    []Hop  // from the struct's address to the member's
	Optional bool   // JSON omits it when it is empty
	Quoted   bool   // a number, a text or a boolean that is written in quotes
	Borrowed bool   // it is in an embedded pointer, and absent with it

	path string // in Go, from the struct on: Embedded.Field
}

// Hop is one step towards a member.
type Hop struct {
	Offset   uintptr
	Embedded reflect.Type // what the embedded pointer there points to; nil: it is none
}

// Loss is a field that JSON would lose, or take for another.
type Loss struct {
	Field string // in Go, from the struct on
	Why   string // to be read after the field
}

// Members lists the members of a struct from the outside in, and what is wrong with its
// fields. Of several fields that have one name the outermost, and the first, is the member:
// a type that has such is refused before it is used.
func Members(t reflect.Type) ([]Member, []Loss) {
	w := walk{taken: map[string]string{}, visited: map[reflect.Type]bool{}}
	for levels := []level{{typ: t}}; len(levels) > 0; {
		var below []level
		for _, l := range levels {
			below = append(below, w.spread(l)...)
		}
		levels = below
	}
	return w.members, w.losses
}

// level is a struct whose fields are still to be looked at.
type level struct {
	typ      reflect.Type
	route    []Hop
	path     string
	borrowed bool
}

// walk collects what Members returns.
type walk struct {
	members []Member
	losses  []Loss
	taken   map[string]string // the path of the field that has a name in JSON
	visited map[reflect.Type]bool
}

func (w *walk) lose(field, format string, args ...any) {
	w.losses = append(w.losses, Loss{field, fmt.Sprintf(format, args...)})
}

// spread takes the named fields of one struct, and lists the embedded structs in it.
func (w *walk) spread(l level) (below []level) {
	if w.visited[l.typ] {
		w.lose(strings.TrimSuffix(l.path, "."), "embeds %s once more: JSON has its fields once", l.typ)
		return nil
	}
	w.visited[l.typ] = true
	for sf := range l.typ.Fields() {
		path := l.path + sf.Name
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if sf.Tag.Get("json") == "-" || sf.Name == "_" {
			continue
		}
		if inner, hop := embedded(sf, name); inner != nil {
			below = append(below, level{inner, join(l.route, hop), path + ".", l.borrowed || hop.Embedded != nil})
			continue
		}
		if !sf.IsExported() {
			continue
		}
		m := Member{StructField: sf, Name: name, Route: join(l.route, Hop{Offset: sf.Offset}), Borrowed: l.borrowed, path: path}
		if name == "" || !isName(name) {
			m.Name = sf.Name
		}
		w.take(m, name, options)
	}
	return below
}

func join(route []Hop, h Hop) []Hop { return append(append([]Hop{}, route...), h) }

// IsEmbedded reports whether JSON has the fields of the struct in f instead of f itself.
func IsEmbedded(f reflect.StructField) bool {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	inner, _ := embedded(f, name)
	return inner != nil
}

// embedded is the struct whose fields are to be taken instead of the field itself.
func embedded(sf reflect.StructField, name string) (reflect.Type, Hop) {
	if !sf.Anonymous || name != "" {
		return nil, Hop{}
	}
	inner, hop := sf.Type, Hop{Offset: sf.Offset}
	if inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
		hop.Embedded = inner
	}
	if inner.Kind() != reflect.Struct || Opaque(inner) {
		return nil, Hop{}
	}
	return inner, hop
}

// take makes a field a member, if the name is free.
func (w *walk) take(m Member, name, options string) {
	if other, taken := w.taken[m.Name]; taken {
		w.lose(m.path, "is called %q in JSON, as is %s: one of them would be lost", m.Name, other)
		return
	}
	w.taken[m.Name] = m.path
	inner := m.Type
	if inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	switch {
	case name != "" && !isName(name):
		w.lose(m.path, "has the JSON name %q, which JSON tags do not take: letters, digits and most signs, but no quotes, commas or backslashes", name)
	case m.Anonymous && name == "" && Opaque(inner):
		w.lose(m.path, "is embedded and marshals itself: give it a name")
	}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "":
		case "omitempty", "omitzero":
			m.Optional = true
		case "string":
			if m.Quoted = isQuotable(inner); !m.Quoted {
				w.lose(m.path, "has the option string, which only numbers, texts and booleans have")
			}
		default:
			w.lose(m.path, "has the option %q in its tag json: known are omitempty, omitzero and string", option)
		}
	}
	w.members = append(w.members, m)
}

func isQuotable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array, reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan,
		reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return false
	}
	return !Opaque(t)
}

// isName reports whether a tag can give a field the name.
func isName(name string) bool {
	for _, r := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return name != ""
}
