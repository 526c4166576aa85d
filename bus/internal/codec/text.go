package codec

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text is a string as it stands in the body, between its quotes.
type text struct {
	raw   []byte
	plain bool // it stands for itself: no escapes, and UTF-8
}

// string is what the text says.
func (t text) string() string {
	if t.plain {
		return string(t.raw)
	}
	return unescape(t.raw)
}

// ordinary are the bytes that stand for themselves and need no further look.
var ordinary = func() (table [256]bool) {
	for b := 0x20; b < 0x80; b++ {
		table[b] = b != '"' && b != '\\'
	}
	return table
}()

// text reads a string, whose quote is next.
func (c *cursor) text() (text, *Mistake) {
	body, start := c.body, c.at+1
	plain, ascii := true, true
	for i := start; i < len(body); i++ {
		for i < len(body) && ordinary[body[i]] {
			i++
		}
		switch {
		case i == len(body):
		case body[i] == '"':
			c.at = i + 1
			return c.checked(text{body[start:i], plain}, ascii)
		case body[i] == '\\':
			plain = false
			n := escape(body[i:])
			if n == 0 {
				c.at = min(i+1, len(body))
				return text{}, c.syntax()
			}
			i += n - 1
		case body[i] < 0x20:
			c.at = i
			return text{}, c.syntax()
		default:
			ascii = false
		}
	}
	c.at = len(body)
	return text{}, c.syntax()
}

// checked looks at what is more than ASCII.
func (c *cursor) checked(t text, ascii bool) (text, *Mistake) {
	if !ascii && !utf8.Valid(t.raw) {
		t.plain = false
		if c.strict {
			return t, &Mistake{Rule: "type", Message: "is no UTF-8"}
		}
	}
	if c.strict && !t.plain && lonely(t.raw) {
		return t, &Mistake{Rule: "type", Message: `has half of a surrogate pair in a \u escape: it is no text`}
	}
	return t, nil
}

// escape is the length of the escape that s begins with; 0 for one that is none.
func escape(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := unit(s); ok {
			return 6
		}
	}
	return 0
}

// unit is the code unit that s begins with as \uXXXX.
func unit(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, b := range s[2:6] {
		switch {
		case b >= '0' && b <= '9':
			b -= '0'
		case b >= 'a' && b <= 'f':
			b -= 'a' - 10
		case b >= 'A' && b <= 'F':
			b -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(b)
	}
	return r, true
}

// pair is the character that s begins with as one or two \u escapes, and their length.
// Half of a pair is the replacement character.
func pair(s []byte) (rune, int) {
	r, _ := unit(s)
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if low, ok := unit(s[6:]); ok {
		if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
			return both, 12
		}
	}
	return utf8.RuneError, 6
}

// lonely reports whether half of a surrogate pair is in a valid text.
func lonely(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		if raw[i+1] != 'u' {
			i++
			continue
		}
		unit, _ := unit(raw[i:])
		r, n := pair(raw[i:])
		if r == utf8.RuneError && unit != utf8.RuneError {
			return true
		}
		i += n - 1
	}
	return false
}

// letters are what the short escapes stand for.
var letters = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape is what a valid text says. What is no UTF-8 becomes the replacement
// character, byte by byte.
func unescape(raw []byte) string {
	var b strings.Builder
	b.Grow(grown(raw))
	for i := 0; i < len(raw); {
		switch {
		case raw[i] != '\\' && raw[i] < utf8.RuneSelf:
			b.WriteByte(raw[i])
			i++
		case raw[i] != '\\':
			r, n := utf8.DecodeRune(raw[i:])
			b.WriteRune(r)
			i += n
		case raw[i+1] == 'u':
			r, n := pair(raw[i:])
			b.WriteRune(r)
			i += n
		default:
			b.WriteByte(letters[raw[i+1]])
			i += 2
		}
	}
	return b.String()
}

// grown is at least the length of the text without its escapes: those only shrink it,
// and each byte that is no UTF-8 becomes three.
func grown(raw []byte) int {
	n := len(raw)
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			n += 2
		}
		i += size
	}
	return n
}
