package admin

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"github.com/shopanaio/orchestrator/config"
)

// MinToken is the fewest characters an admin token may have: 32 hexadecimal digits hold 128 bits, which nobody guesses.
const MinToken = 32

// checkToken says whether a token that was set is long enough to be worth asking for.
func checkToken(token config.Secret) error {
	if n := len(token.Reveal()); n > 0 && n < MinToken {
		return fmt.Errorf("the admin token has %d characters, it needs at least %d: make one with `openssl rand -hex 32`", n, MinToken)
	}
	return nil
}

// sameToken compares in a time that depends on neither the value nor the length of the token.
func sameToken(token config.Secret, presented string) bool {
	want, got := sha256.Sum256([]byte(token.Reveal())), sha256.Sum256([]byte(presented))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}
