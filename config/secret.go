package config

import (
	"fmt"
	"log/slog"
)

const redacted = "[REDACTED]"

// Secret is a setting that must not be seen: it prints [REDACTED] through fmt
// with every verb, through slog, and as JSON or text. Reveal gives the value.
// It is no key of a map: encoding/json writes keys as they are.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String returns [REDACTED], or nothing when the secret is empty, so that a
// missing one can be told from one that is set.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString is what %#v prints.
func (s Secret) GoString() string { return s.String() }

// Format prints String for every verb, also for those that would show bytes.
func (s Secret) Format(f fmt.State, verb rune) { formatSafe(f, verb, s.String(), s.GoString()) }

// LogValue gives slog what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText gives JSON what String returns.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// formatSafe prints the safe text instead of the value, whatever the verb.
func formatSafe(f fmt.State, verb rune, text, goText string) {
	switch {
	case verb == 'q':
		text = fmt.Sprintf("%q", text)
	case verb == 'v' && f.Flag('#'):
		text = goText
	}
	if width, ok := f.Width(); ok {
		text = fmt.Sprintf("%*s", width, text)
	}
	_, _ = f.Write([]byte(text)) // fmt keeps the error of its own writer
}
