package codec

import (
	"reflect"
	"strconv"
)

// number reads a number as it is written; whole says that it has no fraction and no
// exponent.
func (c *cursor) number() (raw []byte, whole bool, err *Mistake) {
	start := c.at
	if c.at < len(c.body) && c.body[c.at] == '-' {
		c.at++
	}
	if !c.digits(true) {
		return nil, false, c.syntax()
	}
	whole = true
	if c.at < len(c.body) && c.body[c.at] == '.' {
		whole = false
		c.at++
		if !c.digits(false) {
			return nil, false, c.syntax()
		}
	}
	if c.at < len(c.body) && c.body[c.at]|0x20 == 'e' {
		whole = false
		c.at++
		if c.at < len(c.body) && (c.body[c.at] == '+' || c.body[c.at] == '-') {
			c.at++
		}
		if !c.digits(false) {
			return nil, false, c.syntax()
		}
	}
	return c.body[start:c.at], whole, nil
}

// digits reads at least one; a number has none before its first zero.
func (c *cursor) digits(leading bool) bool {
	start := c.at
	for c.at < len(c.body) && c.body[c.at] >= '0' && c.body[c.at] <= '9' {
		c.at++
		if leading && c.body[start] == '0' {
			break
		}
	}
	return c.at > start
}

// isNumber reports whether b begins a number.
func isNumber(b byte) bool { return b == '-' || b >= '0' && b <= '9' }

// maxDigits is what the longest whole number has, with its sign.
const maxDigits = 20

// misfit is the mistake of a number that a t cannot be.
func misfit(t reflect.Type, raw []byte) *Mistake {
	return mistyped(t, short(string(raw[:min(len(raw), maxPath)])))
}

// whole reads a number that may be a whole one of type t.
func (c *cursor) whole(t reflect.Type) ([]byte, *Mistake) {
	raw, whole, err := c.number()
	if err == nil && (!whole || len(raw) > maxDigits) {
		err = misfit(t, raw)
	}
	return raw, err
}

func readInt(t reflect.Type) reader {
	return scalar(t, isNumber, func(c *cursor, p pointer) *Mistake {
		raw, err := c.whole(t)
		if err != nil {
			return err
		}
		n, parseErr := strconv.ParseInt(string(raw), 10, t.Bits())
		if parseErr != nil {
			return misfit(t, raw)
		}
		reflect.NewAt(t, p).Elem().SetInt(n)
		return nil
	})
}

func readUint(t reflect.Type) reader {
	return scalar(t, isNumber, func(c *cursor, p pointer) *Mistake {
		raw, err := c.whole(t)
		if err != nil {
			return err
		}
		n, parseErr := strconv.ParseUint(string(raw), 10, t.Bits())
		if parseErr != nil {
			return misfit(t, raw)
		}
		reflect.NewAt(t, p).Elem().SetUint(n)
		return nil
	})
}

func readFloat(t reflect.Type) reader {
	return scalar(t, isNumber, func(c *cursor, p pointer) *Mistake {
		raw, _, err := c.number()
		if err != nil {
			return err
		}
		n, parseErr := strconv.ParseFloat(string(raw), t.Bits())
		if parseErr != nil {
			return misfit(t, raw)
		}
		reflect.NewAt(t, p).Elem().SetFloat(n)
		return nil
	})
}
