package isolate

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// Plan says how values of T are copied. It is made once per type and is safe
// for concurrent use.
type Plan[T any] struct {
	fix fixer // nil: T holds no references
}

// For makes the plan of T. The error is a [*TypeError] which names each field
// that cannot be copied or sent.
func For[T any]() (*Plan[T], error) {
	t := reflect.TypeFor[T]()
	c := &compiler{seen: map[reflect.Type]*node{}}
	c.stands(t, path{root: typeName(t)})
	fix := c.compile(t, path{root: typeName(t)}).fix
	if len(c.problems) > 0 {
		return nil, &TypeError{Type: typeName(t), Problems: c.problems}
	}
	return &Plan[T]{fix: fix}, nil
}

// Trivial reports whether T holds no references, so that passing a value by
// value is already a copy.
func (p *Plan[T]) Trivial() bool { return p.fix == nil }

// Copy returns a value that shares no memory which either side could change
// with v. It fails if v nests deeper than 1,000 levels (a value that refers to
// itself does) or if a type that marshals itself fails to do so.
func (p *Plan[T]) Copy(v T) (T, error) {
	if p.fix == nil {
		return v, nil
	}
	// The copy is fixed up in place: on the heap once, never on the caller's value.
	c := new(T)
	*c = v
	if err := p.fix(unsafe.Pointer(c), 0); err != nil {
		var zero T
		return zero, fmt.Errorf("copying a %s: %w", reflect.TypeFor[T](), err)
	}
	return *c, nil
}

// RoundTrip sends v through the wire codec and back, as a call between
// processes would.
func (p *Plan[T]) RoundTrip(v T) (T, error) {
	var out T
	data, err := json.Marshal(v)
	if err != nil {
		return out, fmt.Errorf("encoding a %s: %w", reflect.TypeFor[T](), err)
	}
	if _, err := codec.Lenient(data, &out); err != nil {
		return out, fmt.Errorf("decoding a %s from its own encoding: %w", reflect.TypeFor[T](), err)
	}
	return out, nil
}

// TypeError says why values of a type cannot cross the bus.
type TypeError struct {
	Type     string   // the type the plan was asked for
	Problems []string // one sentence for each field, in the order of the fields
}

// Error lists all problems.
func (e *TypeError) Error() string {
	return fmt.Sprintf("%s cannot cross the bus: %s", e.Type, strings.Join(e.Problems, "; "))
}

func typeName(t reflect.Type) string {
	if t.Name() == "" && t.Kind() == reflect.Struct {
		return "struct"
	}
	return t.String()
}
