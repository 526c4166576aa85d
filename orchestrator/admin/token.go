package admin

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// redacted is what a Token shows in place of its value.
const redacted = "[REDACTED]"

// minToken is the fewest characters a Token may have: 32 hexadecimal digits hold 128 bits, which nobody guesses.
const minToken = 32

// Token is the secret that opens the operator's pages from another machine. It prints as [REDACTED] with every verb of
// fmt, in JSON and in slog, so that a dump of the options does not leak it. Convert to string to send it.
type Token string

// Format writes [REDACTED], whatever the verb.
func (Token) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue is [REDACTED].
func (Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is [REDACTED]; encoding/json uses it.
func (Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// check says whether a token that was set is long enough to be worth asking for.
func (t Token) check() error {
	if len(t) == 0 || len(t) >= minToken {
		return nil
	}
	return fmt.Errorf("the admin token has %d characters, it needs at least %d: make one with `openssl rand -hex 32`", len(t), minToken)
}

// equals compares in a time that depends on neither the value nor the length of t.
func (t Token) equals(presented string) bool {
	want, got := sha256.Sum256([]byte(t)), sha256.Sum256([]byte(presented))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}
