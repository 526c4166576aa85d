package bus

import (
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// demand finds out what the requests or payloads of c have to be, from their type.
func (b *border[T]) demand(c *contract, what string) error {
	check, err := schema.Compile(reflect.TypeFor[T]())
	if err != nil {
		return fmt.Errorf("%s: the %s of %s cannot be checked: %w", c.position, what, c.name, err)
	}
	b.check = check
	b.active = b.active || check != nil
	return nil
}

// inward makes the request that the handler gets, or says what is wrong with it:
// wherever it came from, and before anything of the service runs.
func (b *border[T]) inward(c *call, req T) (_ T, err error) {
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

// validate is apart from inward so that only a request that has rules is moved to
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
