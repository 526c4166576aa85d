package bus

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxBaggage bounds the metadata of a request, in bytes as written; the protocol that
// it is written in asks receivers to take at least 8,192.
const maxBaggage = 4096

// maxMembers bounds how many pieces there are.
const maxMembers = 64

// baggage is all metadata of a request. Nobody changes it: it is shared by all contexts
// below the one it was made for.
type baggage struct {
	members []member
	size    int    // as written
	mistake string // of a declaration; nothing is sent with it
}

// member is one piece.
type member struct{ name, value string }

func (m member) size() int { return len(m.name) + len("=,") + escapedSize(m.value) }

// with is the baggage with a member set, or without it when the value is empty.
func (b *baggage) with(name, value string) *baggage {
	next := &baggage{}
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

func (b *baggage) add(m member) {
	b.members = append(b.members, m)
	b.size += m.size()
}

func (b *baggage) list() []member {
	if b == nil {
		return nil
	}
	return b.members
}

func (b *baggage) value(name string) string {
	for _, m := range b.list() {
		if m.name == name {
			return m.value
		}
	}
	return ""
}

// problem says why nothing can be called with it, nil when something can.
func (b *baggage) problem() error {
	switch {
	case b == nil:
	case b.mistake != "":
		return errors.New(b.mistake)
	case len(b.members) > maxMembers:
		return fmt.Errorf("its metadata has %d members, and %d are allowed", len(b.members), maxMembers)
	case b.size > maxBaggage:
		return fmt.Errorf("its metadata takes %d bytes, and %d are allowed", b.size, maxBaggage)
	}
	return nil
}

// String writes the members as the value of a header baggage (W3C Baggage, working
// draft of 2024): name=value, separated by commas, the values percent-encoded.
func (b *baggage) String() string {
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

// parseBaggage reads the value of a header baggage that anybody may have written. What
// is no member is left out and named by the error; so is everything beyond the bounds.
// The properties that a member may have after a semicolon are not for us.
func parseBaggage(text string) (*baggage, error) {
	if len(text) > 2*maxBaggage {
		return nil, fmt.Errorf("it has %d bytes, and %d are allowed", len(text), maxBaggage)
	}
	b := &baggage{} // nobody else has it yet
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
	errNoRoom   = fmt.Errorf("is beyond the %d members and %d bytes that are allowed", maxMembers, maxBaggage)
)

// take adds a member as it was written, while nobody else has the baggage.
func (b *baggage) take(text string) error {
	m, ok := parseMember(text)
	switch {
	case !ok:
		return errNoMember
	case b.value(m.name) != "":
		return errTwice
	case len(b.members) == maxMembers || b.size+m.size() > maxBaggage:
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

// received is the metadata that came from another process. What is wrong with it is its
// sender's business; the rest is good.
func received(text string) *baggage {
	b, _ := parseBaggage(text)
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
