package codec

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// readOwn reads a type that reads JSON itself.
func readOwn(t reflect.Type) reader {
	return func(c *cursor, p pointer) *Mistake {
		raw, err := c.skip()
		if err != nil {
			return err
		}
		u := reflect.NewAt(t, p).Interface().(json.Unmarshaler) //nolint:forcetypeassert // Implements looked
		return refused(t, u.UnmarshalJSON(raw))
	}
}

// readOwnText reads a type that reads text itself.
func readOwnText(t reflect.Type) reader {
	return scalar(reflect.TypeFor[string](), isQuote, func(c *cursor, p pointer) *Mistake {
		s, err := c.text()
		if err != nil {
			return err
		}
		u := reflect.NewAt(t, p).Interface().(encoding.TextUnmarshaler) //nolint:forcetypeassert // Implements looked
		return refused(t, u.UnmarshalText([]byte(s.string())))
	})
}

// readAny reads what no contract has: an interface, or a type that JSON does not know.
func readAny(t reflect.Type) reader {
	return func(c *cursor, p pointer) *Mistake {
		raw, err := c.skip()
		if err != nil {
			return err
		}
		return refused(t, json.Unmarshal(raw, reflect.NewAt(t, p).Interface()))
	}
}

// refused is the mistake of a value that its own type does not take.
func refused(t reflect.Type, err error) *Mistake {
	if err == nil {
		return nil
	}
	return &Mistake{Rule: "type", Message: "is no " + t.String() + ": " + brief(err), cause: err}
}

// brief is what err says. It may quote what it could not read, which may be a whole body.
func brief(err error) string {
	text := err.Error()
	if len(text) > maxPath {
		text = text[:maxPath] + "…"
	}
	return text
}
