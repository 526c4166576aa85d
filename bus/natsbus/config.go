package natsbus

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/secret"
)

// DefaultURL is where a NATS server listens unless configured otherwise.
const DefaultURL = "nats://127.0.0.1:4222"

// Config says how to reach NATS. The zero value is a server on this machine. In
// config.yml it is the section orchestrator.nats.
type Config struct {
	// URL is one address or a comma-separated list, nats:// or tls://, with or
	// without user info. Default: nats://127.0.0.1:4222.
	URL string `yaml:"-"`
	// Server is a NATS server in this process; the connection to it needs no socket,
	// and URL is not looked at. Default: none.
	Server nats.InProcessConnProvider `yaml:"-"`
	// Namespace begins every subject, so that systems can share a server.
	// Default: "platform".
	Namespace string `yaml:"-"`
	// AllowPlaintext permits nats:// to a host that is not this machine. Without it
	// such an address is refused: calls and credentials would be readable on the way.
	AllowPlaintext bool `yaml:"allow_plaintext"`
	// Token is what the server's `authorization { token }` asks for. Default: none.
	Token Secret `yaml:"token"`
	// Credentials is the path of a .creds file. Default: none.
	Credentials string `yaml:"credentials"`
	// NKeySeed is the path of a file with an nkey seed. Default: none.
	NKeySeed string `yaml:"nkey_seed"`
	// RootCA, ClientCert and ClientKey are paths of PEM files. Default: the system's
	// authorities, no client certificate.
	RootCA     string `yaml:"root_ca"`
	ClientCert string `yaml:"client_cert"`
	ClientKey  string `yaml:"client_key"`
	// FailFast ends the start with an error when NATS cannot be reached. Default:
	// try again every RetryWait.
	FailFast bool `yaml:"fail_fast"`
	// RetryWait is the pause between attempts to connect at start, and the first one
	// after a server that refuses the credentials of a process that was connected; the
	// next ones grow to 30 s. Default: 5 s.
	RetryWait time.Duration `yaml:"retry_wait"`
	// PingInterval is half of how long a connection may be silent: it is probed, and
	// ended when the probes of two intervals have had no answer. A write that gets no
	// further for half an interval ends it as well. Default: 2 s.
	PingInterval time.Duration `yaml:"ping_interval"`
	// HeartbeatInterval is how often this node announces itself to the others.
	// Default: 5 s.
	HeartbeatInterval time.Duration `yaml:"heartbeat_interval"`
	// HeartbeatTimeout is how long another node counts as there without a sign of
	// life. Default: 15 s, or three intervals if that is more. A node that beats more
	// seldom is given the time for three beats.
	HeartbeatTimeout time.Duration `yaml:"heartbeat_timeout"`
	// Concurrency is how many requests of one action are served at the same time. Default: 256.
	Concurrency int `yaml:"concurrency"`
	// Queue is how many requests of one action wait for that. Default: 1,024.
	Queue int `yaml:"queue"`
	// EventBacklog is how many events may have arrived for one subscription and not be
	// queued yet; what comes beyond is dropped and counted as slow_consumer. Default:
	// 65,536.
	EventBacklog int `yaml:"event_backlog"`
	// Logger gets connection events and what callers do not see. Default:
	// slog.Default().
	Logger *slog.Logger `yaml:"-"`
}

// Secret is a setting that is never shown.
type Secret = secret.Text

// withDefaults fills in what is not set.
func (c Config) withDefaults() Config {
	c.URL = orDefault(c.URL, DefaultURL)
	c.Namespace = orDefault(c.Namespace, "platform")
	c.RetryWait = orDefault(c.RetryWait, 5*time.Second)
	c.PingInterval = orDefault(c.PingInterval, 2*time.Second)
	c.HeartbeatInterval = orDefault(c.HeartbeatInterval, 5*time.Second)
	c.HeartbeatTimeout = orDefault(c.HeartbeatTimeout, defaultTimeout(c.HeartbeatInterval))
	c.Concurrency = orDefault(c.Concurrency, 256)
	c.Queue = orDefault(c.Queue, 1024)
	c.EventBacklog = orDefault(c.EventBacklog, 65536)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// defaultTimeout is the HeartbeatTimeout that fits an interval.
func defaultTimeout(interval time.Duration) time.Duration { return max(15*time.Second, 3*interval) }

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// check refuses what could not work or would be unsafe. Its errors hold no
// user info.
func (c Config) check() error {
	if c.Namespace == "" || strings.ContainsAny(c.Namespace, " \t\r\n*>.") {
		return fmt.Errorf("the NATS namespace %q is no subject token: use letters, digits, - and _", c.Namespace)
	}
	if err := c.Validate(); err != nil {
		return err
	}
	for address := range strings.SplitSeq(c.URL, ",") {
		if err := c.checkAddress(strings.TrimSpace(address)); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || !plainHost.MatchString(u.Host) { // its text would hold the address with the password
		return fmt.Errorf("a NATS address cannot be read: write nats://host:port or tls://host:port")
	}
	switch u.Scheme {
	case "tls":
		return nil
	case "nats":
	default:
		return fmt.Errorf("the NATS address %s begins with neither nats:// nor tls://", redacted(address))
	}
	if c.AllowPlaintext || isLoopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("the NATS address %s is not on this machine and not encrypted: use tls://, or say orchestrator.nats.allow_plaintext: true if the network is trusted", redacted(address))
}

// plainHost has nothing behind it that url.Parse takes for a part of it, as the token
// in nats://host;token=secret.
var plainHost = regexp.MustCompile(`^(\[[0-9A-Za-z:.%]+\]|[\pL\pN._-]+)(:[0-9]*)?$`)

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// redacted is the list of addresses without their user info, of which also the name
// may be a secret: it is the token, where there is no password. nats.go's own masks
// the password alone.
func redacted(list string) string {
	parts := strings.Split(list, ",")
	for i, part := range parts {
		if u, err := url.Parse(strings.TrimSpace(part)); err == nil && plainHost.MatchString(u.Host) {
			parts[i] = u.Scheme + "://" + u.Host
		} else {
			parts[i] = "(unreadable address)"
		}
	}
	return strings.Join(parts, ", ")
}
