package contracttest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// sampled is how many values of a type are tried.
const sampled = 60

// samplesOf are values of T as they go over the wire, the same in every run: the zero
// value, the filled one, and between them any mix of what is there, empty and nil.
func samplesOf[T any](options []Option) (wires []json.RawMessage) {
	random := rand.New(rand.NewPCG(1, 2)) // the same every time
	for i := range sampled {
		v := fill[T](options)
		if i == 0 {
			v = *new(T)
		} else if i > 1 {
			thin(reflect.ValueOf(&v).Elem(), random)
		}
		if wire, err := json.Marshal(v); err == nil { // a type may refuse what was made of it
			wires = append(wires, wire)
		}
	}
	return wires
}

// thin takes away some of what there is in v. What marshals itself stays: nobody else
// knows what it may be.
func thin(v reflect.Value, random *rand.Rand) {
	if marshalsItself(v.Type()) {
		return
	}
	switch dice := random.IntN(4); v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		switch {
		case v.IsNil():
		case dice == 0:
			v.SetZero()
		case dice == 1 && v.Kind() == reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		case dice == 1 && v.Kind() == reflect.Map:
			v.Set(reflect.MakeMap(v.Type()))
		case v.Kind() == reflect.Map:
			for key, value := range v.Seq2() {
				other := reflect.New(v.Type().Elem()).Elem()
				other.Set(value)
				thin(other, random)
				v.SetMapIndex(key, other)
			}
		case v.Kind() == reflect.Pointer:
			thin(v.Elem(), random)
		default:
			thin(v.Index(0), random)
		}
	case reflect.Struct:
		for field, at := range v.Fields() {
			if field.IsExported() {
				thin(at, random)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			thin(v.Index(i), random)
		}
	default:
		if dice == 0 {
			v.SetZero()
		}
	}
}

// accepted are those that T takes, as a request or an event.
func accepted[T any](wires []json.RawMessage) []json.RawMessage {
	return slices.DeleteFunc(wires, func(wire json.RawMessage) bool { return refusalOf[T](wire) != "" })
}

// agree fails the test where sampled values are not what the published schema says.
func agree(t testing.TB, name, what string, document json.RawMessage, wires []json.RawMessage) {
	t.Helper()
	for _, problem := range holdAgainst(document, wires, what) {
		t.Errorf("%s does not keep to its own schema: %s", name, problem)
	}
}

// holdAgainst lists where sampled values are not what a schema says, each place once.
func holdAgainst(document json.RawMessage, wires []json.RawMessage, what string) (breaks []string) {
	seen := map[string]bool{}
	for _, wire := range wires {
		for _, problem := range against(document, wire, what) {
			if !seen[problem] && len(breaks) < maxBreaks {
				seen[problem] = true
				breaks = append(breaks, fmt.Sprintf("%s (in %.200s)", problem, wire))
			}
		}
	}
	return breaks
}
