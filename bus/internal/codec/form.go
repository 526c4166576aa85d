package codec

import (
	"encoding"
	"encoding/json"
	"reflect"
	"time"
)

// Opaque reports whether the wire form of a type is not what its fields and kind say.
func Opaque(t reflect.Type) bool {
	return t == reflect.TypeFor[json.Number]() || MarshalsJSON(t) || MarshalsText(t)
}

// MarshalsJSON reports whether a type brings a form in JSON.
func MarshalsJSON(t reflect.Type) bool { return implements[json.Marshaler](t) }

// MarshalsText reports whether a type brings a form as text.
func MarshalsText(t reflect.Type) bool { return implements[encoding.TextMarshaler](t) }

// Unmarshals reports whether a type reads its own form.
func Unmarshals(t reflect.Type) bool {
	return implements[json.Unmarshaler](t) || implements[encoding.TextUnmarshaler](t)
}

// implements looks at *T too: what is decoded has an address. A pointer type is
// judged by what it points to.
func implements[I any](t reflect.Type) bool {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return false
	}
	want := reflect.TypeFor[I]()
	return t.Implements(want) || reflect.PointerTo(t).Implements(want)
}

// IsBytes reports whether JSON has a slice as one text in base64.
func IsBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 &&
		!MarshalsJSON(t.Elem()) && !MarshalsText(t.Elem())
}

// IsCollection reports whether a type has elements in JSON.
func IsCollection(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return !Opaque(t) && !IsBytes(t)
	}
	return false
}

// describe is what a message calls values of t.
func describe(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "a time such as 2006-01-02T15:04:05Z"
	case t == reflect.TypeFor[json.Number]():
		return "a number"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		if IsBytes(t) {
			return "bytes in base64"
		}
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number that fits " + t.Kind().String()
	}
	return "a whole number that fits " + t.Kind().String()
}
