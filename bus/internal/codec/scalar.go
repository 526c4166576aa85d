package codec

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
)

// scalar reads a t that begins as begins says. A null leaves what is there.
func scalar(t reflect.Type, begins func(byte) bool, read reader) reader {
	return func(c *cursor, p pointer) *Mistake {
		switch b := c.peek(); {
		case begins(b):
			return read(c, p)
		case b == 'n':
			return c.word("null")
		}
		return c.wrong(t)
	}
}

func isQuote(b byte) bool { return b == '"' }

func readString(t reflect.Type) reader {
	return scalar(t, isQuote, func(c *cursor, p pointer) *Mistake {
		s, err := c.text()
		if err != nil {
			return err
		}
		*(*string)(p) = s.string()
		return nil
	})
}

func readBool(t reflect.Type) reader {
	begins := func(b byte) bool { return b == 't' || b == 'f' }
	return scalar(t, begins, func(c *cursor, p pointer) *Mistake {
		if *(*bool)(p) = c.body[c.at] == 't'; *(*bool)(p) {
			return c.word("true")
		}
		return c.word("false")
	})
}

// readExact reads a json.Number: a number as it is written, or one in quotes.
func readExact(t reflect.Type) reader {
	begins := func(b byte) bool { return isQuote(b) || isNumber(b) }
	return scalar(t, begins, func(c *cursor, p pointer) *Mistake {
		if c.body[c.at] != '"' {
			raw, _, err := c.number()
			*(*json.Number)(p) = json.Number(raw)
			return err
		}
		s, err := c.text()
		if err != nil {
			return err
		}
		quoted := cursor{body: []byte(s.string())}
		if _, _, err := quoted.number(); err != nil || quoted.at < len(quoted.body) {
			return mistyped(t, "a string that is none")
		}
		*(*json.Number)(p) = json.Number(quoted.body)
		return nil
	})
}

func readBytes(t reflect.Type) reader {
	return scalar(t, isQuote, func(c *cursor, p pointer) *Mistake {
		s, err := c.text()
		if err != nil {
			return err
		}
		raw := s.raw
		if !s.plain {
			raw = []byte(s.string())
		}
		bytes := make([]byte, base64.StdEncoding.DecodedLen(len(raw)))
		n, decodeErr := base64.StdEncoding.Decode(bytes, raw)
		if decodeErr != nil {
			return &Mistake{Rule: "contentEncoding", Message: "must be " + describe(t) + ": " + decodeErr.Error()}
		}
		*(*[]byte)(p) = bytes[:n]
		return nil
	})
}

// readQuoted reads a value that stands in a string, because its tag says so.
func readQuoted(t reflect.Type, read reader) reader {
	return func(c *cursor, p pointer) *Mistake {
		if c.peek() == 'n' {
			return read(c, p)
		}
		if c.peek() != '"' {
			return &Mistake{Rule: "type", Message: "must be " + describe(t) + " in quotes"}
		}
		s, err := c.text()
		if err != nil {
			return err
		}
		inner := cursor{body: []byte(s.string()), depth: c.depth, strict: c.strict}
		if len(inner.body) == 0 || inner.body[0] <= ' ' || read(&inner, p) != nil || inner.at < len(inner.body) {
			return &Mistake{Rule: "type", Message: "must be " + describe(t) + " in quotes"}
		}
		return nil
	}
}
