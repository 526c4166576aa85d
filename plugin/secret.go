package plugin

import (
	"fmt"
	"log/slog"
)

// redacted is what is shown in the place of a secret.
const redacted = "[REDACTED]"

// Secret is a configuration value that is never shown: printed with any verb,
// logged or written as JSON it is [REDACTED]; an empty one is an empty string,
// so that what is missing can be seen. Default: empty.
type Secret string

// Reveal returns the secret itself, for the request that needs it.
func (s Secret) Reveal() string { return string(s) }

// String returns [REDACTED], or nothing for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format writes [REDACTED] whatever the verb is.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(s.String())) }

// LogValue is the value that slog writes.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText makes encoding/json write [REDACTED].
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
