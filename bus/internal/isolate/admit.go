package isolate

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// large is from where on a body is looked at more closely. What costs less than that
// many times over does no harm.
const large = 16 << 10

// maxName bounds the name of a field, or the key of a map, in a large body.
const maxName = 4 << 10

var (
	errDeep = errors.New("it nests deeper than 1,000 levels")
	errText = errors.New("it is no UTF-8")
	errName = errors.New("it has a name of more than 4,096 bytes")
)

// Admit refuses JSON that costs a decoder many times what it takes to send: it
// remembers every level that is open, widens what is no UTF-8, and folds the case of
// names. Nothing is said about JSON that is none, the decoder tells.
func Admit(body []byte) error {
	if bytes.Count(body, []byte{'['})+bytes.Count(body, []byte{'{'}) > maxDepth && deep(body) {
		return errDeep
	}
	switch {
	case len(body) <= large:
		return nil
	case !utf8.Valid(body):
		return errText
	case longName(body):
		return errName
	}
	return nil
}

// deep reports whether a value nests deeper than one that is copied may.
func deep(body []byte) bool {
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i += 1 + closing(body[i+1:])
		case '[', '{':
			if depth++; depth > maxDepth {
				return true
			}
		case ']', '}':
			depth--
		}
	}
	return false
}

// longName reports whether a text is too long that is a name.
func longName(body []byte) bool {
	for {
		start := bytes.IndexByte(body, '"')
		if start < 0 {
			return false
		}
		body = body[start+1:]
		end := closing(body)
		if end == len(body) {
			return false
		}
		body = body[end+1:]
		if end > maxName && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte{':'}) {
			return true
		}
	}
}

// closing is where the quote is that ends a text; its length when there is none.
func closing(text []byte) int {
	for at := 0; ; at++ {
		next := bytes.IndexByte(text[at:], '"')
		if next < 0 {
			return len(text)
		}
		at += next
		escapes := 0
		for escapes < at && text[at-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return at
		}
	}
}
