package natsbus

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// issuer signs users of one account, as an operator of NATS does.
type issuer struct {
	t       *testing.T
	account nkeys.KeyPair
}

// newIssuer makes an operator with one account, and what a server needs to know of them.
func newIssuer(t *testing.T) (*issuer, func(*server.Options)) {
	t.Helper()
	operator, account := pairOf(t, nkeys.CreateOperator), pairOf(t, nkeys.CreateAccount)
	claims := jwt.NewAccountClaims(publicOf(t, account))
	signed, err := claims.Encode(operator)
	if err != nil {
		t.Fatal(err)
	}
	resolver := &server.MemAccResolver{}
	if err := resolver.Store(publicOf(t, account), signed); err != nil {
		t.Fatal(err)
	}
	return &issuer{t, account}, func(o *server.Options) {
		o.TrustedKeys = []string{publicOf(t, operator)}
		o.AccountResolver = resolver
	}
}

// credentials is a .creds file of a new user.
func (i *issuer) credentials(change ...func(*jwt.UserClaims)) string {
	i.t.Helper()
	user := pairOf(i.t, nkeys.CreateUser)
	claims := jwt.NewUserClaims(publicOf(i.t, user))
	for _, f := range change {
		f(claims)
	}
	signed, err := claims.Encode(i.account)
	if err != nil {
		i.t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		i.t.Fatal(err)
	}
	content, err := jwt.FormatUserConfig(signed, seed)
	if err != nil {
		i.t.Fatal(err)
	}
	file := filepath.Join(i.t.TempDir(), "user.creds")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		i.t.Fatal(err)
	}
	return file
}

func pairOf(t *testing.T, create func() (nkeys.KeyPair, error)) nkeys.KeyPair {
	t.Helper()
	pair, err := create()
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func publicOf(t *testing.T, pair nkeys.KeyPair) string {
	t.Helper()
	key, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Proves: R-34 in part (a .creds file opens a server that asks for one; one of somebody
// else's, one that has expired and none at all end the start, and show no secret).
func TestCredentials(t *testing.T) {
	ours, trust := newIssuer(t)
	theirs, _ := newIssuer(t)
	s := testnats.Start(t, trust)
	newNode(t, s.URL(), nil, func(c *Config) { c.Credentials = ours.credentials() })

	missing := filepath.Join(t.TempDir(), "missing.creds")
	if _, err := New(Config{URL: s.URL(), Credentials: missing}); err == nil || !strings.Contains(err.Error(), "credentials names a file that cannot be read: open "+missing) {
		t.Errorf("no file: %v", err)
	}
	for name, c := range map[string]struct{ file, says string }{
		"somebody else's": {theirs.credentials(), "Authorization"},
		"expired":         {ours.credentials(func(u *jwt.UserClaims) { u.Expires = time.Now().Add(-time.Minute).Unix() }), "uthoriz"},
		"none":            {"", "Authorization"},
	} {
		var log strings.Builder
		tr, err := New(Config{URL: s.URL(), Credentials: c.file, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		err = tr.Start(t.Context(), bus.NewNode(bus.Options{}))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if content, err := os.ReadFile(c.file); err == nil {
			_, seed, _ := strings.Cut(string(content), "-----BEGIN USER NKEY SEED-----\n")
			seed, _, _ = strings.Cut(seed, "\n")
			if seed == "" || strings.Contains(log.String(), seed) {
				t.Errorf("%s: the log shows the seed", name)
			}
		}
	}
}

// The user name of an address is the token, where there is no password.
func TestTokenOfTheAddressIsNotLogged(t *testing.T) {
	const token = "s3crettoken"
	s := testnats.Start(t, func(o *server.Options) { o.Authorization = token })
	var log journal
	where := strings.TrimPrefix(s.URL(), "nats://")
	n := newNode(t, "nats://"+token+"@"+where, nil, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	s.Stop()
	until(t, "the loss is noticed", func() bool { return !n.Connected() })
	s.Restart()
	until(t, "it is connected again", func() bool { return strings.Contains(log.String(), "connected to NATS again") })
	if text := log.String(); strings.Contains(text, token) || strings.Count(text, "server=nats://"+where) != 2 {
		t.Errorf("the log:\n%s", text)
	}
}

// journal is a log that is read while it is written.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
