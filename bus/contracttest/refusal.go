package contracttest

import (
	"encoding"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"
)

// wireOf is a filled value as it goes over the wire. A record that its own type does
// not read again could never be compared, so that one is refused here, before it is
// written: the test fails, with -update as well. What says which side it is.
func wireOf(t testing.TB, name, what string, filled any) (json.RawMessage, bool) {
	t.Helper()
	v := reflect.ValueOf(filled)
	if why, of := refusal(v, what); of != nil {
		t.Errorf("%s cannot be recorded: %s; that type does not take any value, so give contracttest.Sample with a value of type %s that it takes",
			name, why, of)
		return nil, false
	}
	wire, err := json.Marshal(filled)
	if err != nil {
		t.Errorf("%s cannot be recorded: %v", name, err)
	}
	return wire, err == nil
}

// refusal finds the innermost value of v that is not what it was after it was written
// and read again: why, with its path, and its type. The type is nil if there is none.
func refusal(v reflect.Value, at string) (why string, of reflect.Type) {
	why = differs(v, at)
	if why == "" {
		return "", nil
	}
	if !marshalsItself(v.Type()) {
		for name, part := range parts(v) {
			if why, of := refusal(part, at+name); of != nil {
				return why, of
			}
		}
	}
	return why, v.Type()
}

// differs says how a value does not survive, "" when it does.
func differs(v reflect.Value, at string) string {
	wire, err := json.Marshal(v.Interface())
	if err != nil {
		return fmt.Sprintf("%s cannot be written: %v", at, err)
	}
	again, err := rewritten(v.Type(), wire)
	if err != nil {
		return fmt.Sprintf("%s %v", at, err)
	}
	if all := lost(at, tree(wire), tree(again)); len(all) > 0 {
		return all[0]
	}
	return ""
}

// marshalsItself reports whether a type decides itself what it looks like, so that
// what is inside it is nobody's business.
func marshalsItself(t reflect.Type) bool {
	for _, way := range []reflect.Type{
		reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.Unmarshaler](),
		reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
	} {
		if reflect.PointerTo(t).Implements(way) {
			return true
		}
	}
	return false
}

// parts are the values inside a value, with what leads to them in a path.
func parts(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				yield("", v.Elem())
			}
		case reflect.Struct:
			fields(v, yield)
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				if !yield(fmt.Sprintf("[%d]", i), v.Index(i)) {
					return
				}
			}
		case reflect.Map:
			for key, value := range v.Seq2() {
				if !yield(fmt.Sprintf(".%v", key), value) {
					return
				}
			}
		}
	}
}

func fields(v reflect.Value, yield func(string, reflect.Value) bool) {
	for field, at := range v.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case !field.IsExported() || name == "-":
			continue
		case name == "" && field.Anonymous: // its members are those of the struct around it
		case name == "":
			name = "." + field.Name
		default:
			name = "." + name
		}
		if !yield(name, at) {
			return
		}
	}
}
