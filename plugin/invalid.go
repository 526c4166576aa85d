package plugin

import "strings"

// FieldError is one field that is not as it must be.
type FieldError struct {
	// Field is the path from the root: "items[2].quantity".
	Field string `json:"field"`
	// Rule is the broken rule for machines: "required", "type", "enum",
	// "minimum", "maximum" or "unknown".
	Rule string `json:"rule"`
	// Message says what must be there, for people.
	Message string `json:"message"`
}

// InvalidError is the error of a configuration or of params with mistakes; it
// has all of them.
type InvalidError struct {
	Fields []FieldError
}

// Invalid returns the error for these fields, and nil when there are none, so
// that a Validate method can end with it.
func Invalid(fields ...FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &InvalidError{Fields: fields}
}

// Error lists every field with its message.
func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Fields))
	for i, field := range e.Fields {
		parts[i] = field.Message
		if field.Field != "" {
			parts[i] = field.Field + ": " + field.Message
		}
	}
	return strings.Join(parts, "; ")
}

// validate calls the method Validate of what value points to, if it has one.
func validate[T any](value *T) error {
	if v, ok := any(value).(interface{ Validate() error }); ok {
		return v.Validate()
	}
	return nil
}
