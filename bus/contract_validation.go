package bus

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// demand finds out what the requests of c have to be, from their type.
func (b *border[T]) demand(c *contract) error {
	check, err := schema.Compile(reflect.TypeFor[T]())
	if err != nil {
		return fmt.Errorf("%s: the request of %s cannot be checked: %w", c.position, c.name, err)
	}
	b.check = check
	b.guarded = b.guarded || check != nil
	return nil
}

// enter makes the request that the handler gets, or says what is wrong with it:
// wherever it came from, and before anything of the service runs.
func (b *border[T]) enter(c *call, req T) (_ T, err error) {
	if c.manner&asBytes == 0 {
		if req, err = b.cross(req); err != nil {
			return req, c.edge.fail(InvalidArgument, "the request cannot be sent: "+err.Error())
		}
	}
	if b.check != nil {
		err = b.validate(req)
	}
	return req, err
}

// validate is apart from enter so that only a request that has rules is moved to
// the heap, where they look at it.
func (b *border[T]) validate(req T) error {
	problems := b.check.Run(unsafe.Pointer(&req), problemsIn)
	if len(problems) == 0 {
		return nil // not a nil *Error, which would be an error that is not nil
	}
	fields := make([]FieldError, len(problems))
	for i, p := range problems {
		fields[i] = FieldError(p)
	}
	return Invalid(fields...)
}

// problemsIn takes an Invalid error apart that a Validate method returned.
func problemsIn(err error) []schema.Problem {
	var invalid *Error
	if !errors.As(err, &invalid) || invalid == nil {
		return nil
	}
	fields := invalid.Fields()
	problems := make([]schema.Problem, len(fields))
	for i, f := range fields {
		problems[i] = schema.Problem(f)
	}
	return problems
}

// unknownField is how package encoding/json, which has no type for it, begins the
// error about a field that is not in the type.
const unknownField = "json: unknown field "

// misfit is the list of fields, as JSON, for an error of the decoder that is about
// one; nil for any other.
func misfit(err error) json.RawMessage {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return Invalid(FieldError{Field: wrong.Field, Rule: "type", Message: "must be " + jsonType(wrong.Type) + ", not " + shorten(wrong.Value)}).Details
	}
	if quoted, ok := strings.CutPrefix(err.Error(), unknownField); ok {
		if name, unquoteErr := strconv.Unquote(quoted); unquoteErr == nil {
			return Invalid(FieldError{Field: shorten(name), Rule: "additionalProperties", Message: "is no field of the request"}).Details
		}
	}
	return nil
}

// jsonType is what JSON calls values of t.
func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	}
	return "a whole number that fits " + t.Kind().String()
}
