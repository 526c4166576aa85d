package natsbus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"github.com/nats-io/nats.go"
)

// errLost ends the calls that wait when the connection is lost, errClosed those
// that wait when it is closed.
var (
	errLost   = errors.New("the connection to NATS was lost while the call was in flight; its outcome is unknown")
	errClosed = errors.New("the connection to NATS was closed while the call was in flight; its outcome is unknown")
)

// connect tries until it succeeds, ctx ends or it may not try again.
func (t *transport) connect(ctx context.Context) (*nats.Conn, error) {
	options, err := t.options()
	if err != nil {
		return nil, err
	}
	for {
		conn, err := nats.Connect(t.config.URL, options...)
		if err == nil {
			t.up.Store(true)
			if !conn.IsConnected() { // lost meanwhile; it is connected again when onReconnect says so
				t.up.Store(false)
			}
			t.config.Logger.Info("connected to NATS", slog.String("server", redacted(conn.ConnectedUrl())))
			return conn, nil
		}
		where := redacted(t.config.URL)
		if t.config.FailFast || !mayPass(err) {
			return nil, fmt.Errorf("cannot connect to NATS at %s: %w%s", where, err, hint(err))
		}
		t.config.Logger.Warn("cannot connect to NATS; trying again", slog.String("servers", where),
			slog.Duration("in", t.config.RetryWait), slog.String("error", err.Error()))
		if err := pause(ctx, t.config.RetryWait); err != nil {
			return nil, fmt.Errorf("cannot connect to NATS at %s: %w", where, err)
		}
	}
}

// hint is what may mend a mistake whose name does not say so.
func hint(err error) string {
	switch {
	case errors.Is(err, nats.ErrSecureConnWanted):
		return "; the server has no TLS: write nats:// instead of tls://, or set TLS up there"
	case errors.Is(err, nats.ErrSecureConnRequired):
		return "; the server demands TLS: write tls:// instead of nats://"
	case errors.Is(err, nats.ErrAuthorization):
		return "; look at the user info in the address, and at token, credentials and nkey_seed under orchestrator.nats"
	}
	return ""
}

// mistakes are answers of a server that is there.
var mistakes = []error{
	nats.ErrAuthorization, nats.ErrAuthExpired, nats.ErrSecureConnWanted, nats.ErrSecureConnRequired,
}

// mayPass reports whether the same attempt may succeed later: a server that is
// not there yet; not a wrong password, a file that is missing, or a certificate that
// one side does not believe.
func mayPass(err error) bool {
	for _, mistake := range mistakes {
		if errors.Is(err, mistake) {
			return false
		}
	}
	_, missing := errors.AsType[*fs.PathError](err)
	_, unbelieved := errors.AsType[*tls.CertificateVerificationError](err)
	failure, ok := errors.AsType[*net.OpError](err)
	alerted := ok && failure.Op == "remote error" // so crypto/tls calls what the other side sends
	return !missing && !unbelieved && !alerted
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *transport) options() ([]nats.Option, error) {
	options := []nats.Option{
		nats.Name("orchestrator " + t.node.ID()),
		nats.MaxReconnects(-1),
		// Nothing is buffered while disconnected: what could not be sent is refused,
		// instead of being accepted and perhaps lost.
		nats.ReconnectBufSize(-1),
		nats.CustomReconnectDelay(t.reconnectDelay),
		// A password that is changed on the server first is refused until it is changed
		// here: nats.go would give up with the second refusal, for good.
		nats.IgnoreAuthErrorAbort(),
		// The third ping after two without an answer ends the connection.
		nats.PingInterval(t.config.PingInterval * 2 / 3),
		nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(t.onDisconnect),
		nats.ReconnectHandler(t.onReconnect),
		nats.ErrorHandler(t.onError),
		nats.ClosedHandler(t.onClosed),
	}
	options = append(options, nats.SetCustomDialer(dialer{net.Dialer{Timeout: nats.DefaultTimeout}, t}))
	if t.config.Server != nil {
		options = append(options, nats.InProcessServer(inProcess{t.config.Server, t}))
	}
	return t.withCredentials(options)
}

// withCredentials adds what is configured; the files are read by nats.go when
// the connection is made.
func (t *transport) withCredentials(options []nats.Option) ([]nats.Option, error) {
	c := t.config
	if c.Token != "" {
		options = append(options, nats.Token(string(c.Token)))
	}
	if c.Credentials != "" {
		options = append(options, nats.UserCredentials(c.Credentials))
	}
	if c.NKeySeed != "" {
		nkey, err := nats.NkeyOptionFromSeed(c.NKeySeed)
		if err != nil {
			return nil, fmt.Errorf("the nkey seed in %s cannot be used: %w", c.NKeySeed, err)
		}
		options = append(options, nkey)
	}
	if c.RootCA != "" {
		options = append(options, nats.RootCAs(c.RootCA))
	}
	if c.ClientCert != "" || c.ClientKey != "" {
		options = append(options, nats.ClientCert(c.ClientCert, c.ClientKey))
	}
	return options, nil
}
