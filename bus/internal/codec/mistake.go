package codec

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Mistake is why a body is no value of its type.
type Mistake struct {
	// Field is a path in JSON terms, lines[2].quantity; empty for the whole value.
	Field string
	// Rule is the keyword of JSON Schema that is broken; empty for what is no JSON.
	Rule string
	// Message is to be read after the field: "must be a string, not a number".
	Message string

	trail []step // from the inside out, until the path is written
	cause error
}

// step is a member's name, or an index where the name is empty.
type step struct {
	name  string
	index int
}

// Error is a sentence with the path.
func (m *Mistake) Error() string {
	if m.Field == "" {
		return "it " + m.Message
	}
	return m.Field + " " + m.Message
}

// Unwrap is what a type said that reads itself.
func (m *Mistake) Unwrap() error { return m.cause }

// maxPath bounds a path: whoever wrote the body may have made it any length.
const maxPath = 300

// settle writes the path. What is no JSON has none: a byte says where.
func (m *Mistake) settle() *Mistake {
	if m.Rule == "" {
		m.trail = nil
	}
	var b strings.Builder
	for i := len(m.trail) - 1; i >= 0; i-- {
		if b.Len() > maxPath {
			b.WriteString("…")
			break
		}
		switch s := m.trail[i]; {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + short(s.name))
		default:
			b.WriteString(short(s.name))
		}
	}
	m.Field, m.trail = b.String(), nil
	return m
}

// at adds the step that leads to where err is about.
func at(err *Mistake, s step) *Mistake {
	err.trail = append(err.trail, s)
	return err
}

// short keeps a message from carrying a text of any size back.
func short(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
