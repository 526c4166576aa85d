// Package baggage is the metadata of a request and the header that it is written in.
package baggage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxSize bounds the metadata of a request, in bytes as written; the protocol that
// it is written in asks receivers to take at least 8,192.
const MaxSize = 4096

// MaxMembers bounds how many pieces there are.
const MaxMembers = 64

// Baggage is all metadata of a request; nil is none. Nobody changes it: it is shared by all contexts
// below the one it was made for.
type Baggage struct {
	members []member
	size    int    // as written
	mistake string // of a declaration; nothing is sent with it
}

// member is one piece.
type member struct{ name, value string }

func (m member) size() int { return len(m.name) + len("=,") + escapedSize(m.value) }

// With is the baggage with a member set, or without it when the value is empty.
func (b *Baggage) With(name, value string) *Baggage {
	next := &Baggage{}
	if b != nil {
		next.mistake = b.mistake
	}
	for _, m := range b.list() {
		if m.name != name {
			next.add(m)
		}
	}
	if value != "" {
		next.add(member{name, strings.ToValidUTF8(value, string(utf8.RuneError))})
	}
	return next
}

// Mistaken is the baggage with a mistake in how a member was declared: its Problem.
func (b *Baggage) Mistaken(mistake string) *Baggage {
	next := *b
	next.mistake = mistake
	return &next
}

// Merged is the baggage with the members of another set.
func (b *Baggage) Merged(with *Baggage) *Baggage {
	for _, m := range with.list() {
		b = b.With(m.name, m.value)
	}
	return b
}

func (b *Baggage) add(m member) {
	b.members = append(b.members, m)
	b.size += m.size()
}

func (b *Baggage) list() []member {
	if b == nil {
		return nil
	}
	return b.members
}

// Value is that of a member, "" when there is none.
func (b *Baggage) Value(name string) string {
	for _, m := range b.list() {
		if m.name == name {
			return m.value
		}
	}
	return ""
}

// Problem says why nothing can be called with it, nil when something can.
func (b *Baggage) Problem() error {
	switch {
	case b == nil:
	case b.mistake != "":
		return errors.New(b.mistake)
	case len(b.members) > MaxMembers:
		return fmt.Errorf("its metadata has %d members, and %d are allowed", len(b.members), MaxMembers)
	case b.size > MaxSize:
		return fmt.Errorf("its metadata takes %d bytes, and %d are allowed", b.size, MaxSize)
	}
	return nil
}

// String writes the members as the value of a header baggage (W3C Baggage, working
// draft of 2024): name=value, separated by commas, the values percent-encoded.
func (b *Baggage) String() string {
	if b == nil || len(b.members) == 0 {
		return ""
	}
	out := make([]byte, 0, b.size)
	for i, m := range b.members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, m.name...), '=')
		out = appendEscaped(out, m.value)
	}
	return string(out)
}

// Parse reads the value of a header baggage that anybody may have written. What
// is no member is left out and named by the error; so is everything beyond the bounds.
// The properties that a member may have after a semicolon are not for us.
func Parse(text string) (*Baggage, error) {
	if len(text) > 2*MaxSize {
		return nil, fmt.Errorf("it has %d bytes, and %d are allowed", len(text), MaxSize)
	}
	b := &Baggage{} // nobody else has it yet
	var bad error
	for each := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(each) == "" {
			continue // the rules for lists in headers allow it
		}
		if err := b.take(each); err != nil && bad == nil { // one is enough: there may be thousands
			bad = fmt.Errorf("%.40q %w", strings.TrimSpace(each), err)
		}
	}
	if len(b.members) == 0 {
		b = nil
	}
	return b, bad
}

// What is wrong with a member.
var (
	errNoMember = errors.New("is not name=value")
	errTwice    = errors.New("is there twice")
	errNoRoom   = fmt.Errorf("is beyond the %d members and %d bytes that are allowed", MaxMembers, MaxSize)
)

// take adds a member as it was written, while nobody else has the baggage.
func (b *Baggage) take(text string) error {
	m, ok := parseMember(text)
	switch {
	case !ok:
		return errNoMember
	case b.Value(m.name) != "":
		return errTwice
	case len(b.members) == MaxMembers || b.size+m.size() > MaxSize:
		return errNoRoom
	case m.value != "":
		b.add(m)
	}
	return nil
}

// parseMember reads name=value, leaving out the properties after it.
func parseMember(text string) (member, bool) {
	pair, _, _ := strings.Cut(text, ";")
	name, value, found := strings.Cut(pair, "=")
	name = strings.TrimSpace(name)
	plain, ok := unescaped(strings.TrimSpace(value))
	return member{name, plain}, found && ok && isToken(name)
}

// Received is the metadata that came from another process. What is wrong with it is its
// sender's business; the rest is good.
func Received(text string) *Baggage {
	b, _ := Parse(text)
	return b
}

// isToken reports whether the text is a token of RFC 7230, of at most 64 letters.
func isToken(s string) bool {
	const more = "!#$%&'*+-.^_`|~"
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(more, r)
	})
}

// plainByte reports whether a byte of a value is written as it is.
func plainByte(c byte) bool {
	return c > ' ' && c < 0x7f && !slices.Contains([]byte(`",;\%`), c)
}

func escapedSize(value string) int {
	n := len(value)
	for i := range len(value) {
		if !plainByte(value[i]) {
			n += 2
		}
	}
	return n
}

func appendEscaped(out []byte, value string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(value) {
		if c := value[i]; plainByte(c) {
			out = append(out, c)
		} else {
			out = append(out, '%', hex[c>>4], hex[c&15])
		}
	}
	return out
}

// unescaped is the value as it was before it was written.
func unescaped(text string) (string, bool) {
	if !strings.Contains(text, "%") {
		return text, utf8.ValidString(text)
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' {
			if i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2]) {
				return "", false
			}
			c = fromHex(text[i+1])<<4 | fromHex(text[i+2])
			i += 2
		}
		out = append(out, c)
	}
	return string(out), utf8.Valid(out)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func fromHex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
