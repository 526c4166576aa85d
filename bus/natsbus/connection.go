package natsbus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// reconnectDelay is up to a second, at random, so that the clients of a server that
// comes back do not arrive all together. While the server refuses who this process says
// it is, it grows from RetryWait to half a minute.
func (t *transport) reconnectDelay(attempts int) time.Duration {
	longest := min(100*time.Millisecond<<min(attempts, 4), time.Second)
	if t.unknown.Load() {
		longest = max(t.config.RetryWait, min(t.config.RetryWait<<min(attempts, 4), longestRefusal))
	}
	return longest/2 + rand.N(longest/2)
}

// longestRefusal bounds the pause between attempts that the server refuses.
const longestRefusal = 30 * time.Second

// transmit gives a message to the connection. It waits for room before: who waits inside
// of nats.go waits under its lock, with everybody else, and no context ends that.
func (t *transport) transmit(ctx context.Context, msg *nats.Msg, patience time.Duration) error {
	s, size := t.socket.Load(), msg.Size()
	err := s.admit(ctx, size, patience)
	if err != nil {
		return err
	}
	if t.up.Load() {
		err = t.conn.PublishMsg(msg)
	} else {
		err = nats.ErrReconnectBufExceeded
	}
	if err != nil {
		s.release(size)
	}
	return err
}

func (t *transport) onDisconnect(_ *nats.Conn, err error) {
	t.up.Store(false)
	t.pending.lose(errLost)
	if err != nil {
		t.config.Logger.Warn("lost the connection to NATS; reconnecting", slog.String("error", err.Error()))
	}
}

func (t *transport) onReconnect(conn *nats.Conn) {
	t.unknown.Store(false)
	t.denials.clear()
	t.up.Store(true)
	t.config.Logger.Info("connected to NATS again", slog.String("server", redacted(conn.ConnectedUrl())))
	t.presence.hello()
}

// onClosed is also called after Close, and then says nothing. nats.go ends a connection
// for good after a few answers of a server, such as to a message that is too large.
func (t *transport) onClosed(conn *nats.Conn) {
	t.up.Store(false)
	t.pending.lose(errClosed)
	if t.closing.Load() {
		return
	}
	t.config.Logger.Error("the connection to NATS was ended for good: restart this process; it is not ready until then",
		slog.Any("error", conn.LastError()))
}

func (t *transport) onError(_ *nats.Conn, sub *nats.Subscription, err error) {
	if parts := denial.FindStringSubmatch(err.Error()); errors.Is(err, nats.ErrPermissionViolation) && parts != nil {
		t.refused(err, parts[1], parts[2])
		return
	}
	if slices.ContainsFunc(identityErrors, func(e error) bool { return errors.Is(err, e) }) {
		t.unknown.Store(true)
		t.config.Logger.Error("the NATS server refuses this process; trying again, not ready until then",
			slog.String("error", err.Error()+hint(err)))
		return
	}
	subject := ""
	if sub != nil {
		subject = sub.Subject
	}
	t.config.Logger.Error("NATS reported an error", slog.String("subject", subject), slog.String("error", err.Error()))
}

// identityErrors are the answers to credentials that a server does not take, or not any
// more.
var identityErrors = []error{
	nats.ErrAuthorization, nats.ErrAuthExpired, nats.ErrAuthRevoked, nats.ErrAccountAuthExpired,
}

// mayDial refuses an address that check would refuse in the configuration: servers
// advertise others of their cluster, and nats.go goes there, with the credentials.
func (t *transport) mayDial(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("the address %q of a NATS server cannot be read: %w", address, err)
	}
	// One tls:// in the list makes nats.go demand TLS of every server.
	if t.config.AllowPlaintext || isLoopback(host) || strings.Contains(t.config.URL, "tls://") {
		return nil
	}
	err = fmt.Errorf("a NATS server advertises %s, which is not on this machine, and nothing here demands TLS: it is not used; write tls://, or say orchestrator.nats.allow_plaintext: true if the network is trusted", address)
	if t.denials.first(address) {
		t.config.Logger.Error(err.Error())
	}
	return err
}
