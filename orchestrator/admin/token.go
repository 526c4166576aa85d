package admin

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"github.com/shopanaio/orchestrator/config"
)

// checkToken says whether a token that was set is long enough to be worth asking for.
func checkToken(token config.Secret) error {
	if n := len(token.Reveal()); n > 0 && n < config.MinAdminToken {
		return fmt.Errorf("the admin token has %d characters, it needs at least %d: make one with `openssl rand -hex 32`", n, config.MinAdminToken)
	}
	return nil
}

// sameToken compares in a time that depends on neither the value nor the length of the token.
func sameToken(token config.Secret, presented string) bool {
	want, got := sha256.Sum256([]byte(token.Reveal())), sha256.Sum256([]byte(presented))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}
