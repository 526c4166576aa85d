package secret

import (
	"fmt"
	"log/slog"
)

// Redacted is what stands in the place of what must not be seen.
const Redacted = "[REDACTED]"

// Text must not be seen: it prints [REDACTED] through fmt with every verb, through
// slog, and as JSON or text. Reveal gives the value. It is no key of a map:
// encoding/json writes keys as they are. %p, and %w of what is no error, are mistakes
// that fmt answers without asking the type; go vet finds them. Default: empty.
type Text string

// Reveal returns the value itself, for the request that needs it.
func (t Text) Reveal() string { return string(t) }

// String returns [REDACTED], or nothing when the text is empty, so that a missing one
// can be told from one that is set.
func (t Text) String() string {
	if t == "" {
		return ""
	}
	return Redacted
}

// Format prints String for every verb, also for those that would show bytes.
func (t Text) Format(f fmt.State, verb rune) { Format(f, verb, t.String()) }

// LogValue gives slog what String returns.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText gives JSON what String returns.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Format is the Format method of a type that may show no more than the given text: it
// prints that for every verb, quoted for %q. A String method alone is not enough: %d and
// %#v do not ask it.
func Format(f fmt.State, verb rune, shown string) {
	if verb != 'q' {
		verb = 's'
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), shown)
}
