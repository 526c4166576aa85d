package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/secret"
)

// What a Transporter can be.
const (
	TransporterMemory   = "memory"   // calls stay in the process
	TransporterNATS     = "nats"     // calls can reach other processes through a NATS server
	TransporterEmbedded = "embedded" // the same, with the NATS server in this process
)

// transporterWords are the values of the setting that are no address.
var transporterWords = []string{"null", TransporterMemory, TransporterNATS, TransporterEmbedded}

// defaultNATS is where the setting "NATS" connects to. It is the loopback
// address and not the name localhost, which may resolve to ::1 first.
const defaultNATS = "nats://127.0.0.1:4222"

// Transporter says how calls leave the process. The zero value is the memory
// transporter. Printed in any way, it shows no user name, password or token.
type Transporter struct {
	// Kind is TransporterMemory, TransporterNATS or TransporterEmbedded; the
	// zero value means TransporterMemory.
	Kind string
	// URL is the address of the NATS server, or several with commas between
	// them; empty unless Kind is TransporterNATS. It may hold a password.
	URL string
}

// ParseTransporter reads the value of the setting transporter: empty, "null" and
// "memory" are the memory transporter, "NATS" is nats://127.0.0.1:4222,
// "embedded" a server in this process, and nats:// and tls:// URLs, one or
// several with commas, stand for themselves. The error describes the value and does
// not repeat it.
func ParseTransporter(value string) (Transporter, error) {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "null", TransporterMemory:
		return Transporter{Kind: TransporterMemory}, nil
	case TransporterNATS:
		return Transporter{Kind: TransporterNATS, URL: defaultNATS}, nil
	case TransporterEmbedded:
		return Transporter{Kind: TransporterEmbedded}, nil
	}
	if err := checkServers(value); err != nil {
		return Transporter{}, fmt.Errorf("%s, %w", described(value), err)
	}
	return Transporter{Kind: TransporterNATS, URL: value}, nil
}

// checkServers says why a text is no list of addresses of NATS servers.
func checkServers(list string) error {
	for server := range strings.SplitSeq(list, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		if err != nil || u.Scheme != "nats" && u.Scheme != "tls" || !serverHost(u) || u.Path != "" && u.Path != "/" {
			return errors.New("which is no transporter")
		}
		if port := u.Port(); port != "" && !isPort(port) {
			return fmt.Errorf("which has the port %s, and ports are 1 to 65535", shortened(port))
		}
		if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
			return errors.New("which has something behind ? or #, and that is not read; a token stands before the host, nats://token@host, or under orchestrator.nats")
		}
	}
	return nil
}

// isPort tells whether something can listen at a port.
func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0
}

// serverHost tells whether a URL has a host that is one. What url.Parse takes for a host
// may be followed by a token: nats://host;token=secret.
func serverHost(u *url.URL) bool {
	_, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() != "" && (err == nil || hostPort.MatchString(u.Host))
}

const transporterHelp = `transporters: null (in memory), memory, NATS, nats://host:port, tls://host:port, embedded`

// InMemory tells whether calls stay in the process.
func (t Transporter) InMemory() bool { return t.Kind == "" || t.Kind == TransporterMemory }

// String returns "memory", "embedded", or the URL with user name and password
// masked.
func (t Transporter) String() string {
	switch {
	case t.InMemory():
		return TransporterMemory
	case t.Kind == TransporterNATS:
		return redact(t.URL)
	}
	return t.Kind
}

// Format prints String for every verb, quoted for %q.
func (t Transporter) Format(f fmt.State, verb rune) { secret.Format(f, verb, t.String()) }

// LogValue gives slog the masked form.
func (t Transporter) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText gives JSON the masked form.
func (t Transporter) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// isServer tells whether a text is a value of the setting, or at least a URL.
func isServer(text string) bool {
	return scheme.MatchString(text) || slices.Contains(transporterWords, strings.ToLower(text))
}

// maskCredentials replaces what may be a user name, a password or a token in a list
// of addresses, or in what should be one: up to the last @, and behind a question
// mark. Commas part servers only in a list that can be read as one: elsewhere they
// may be part of a password.
func maskCredentials(text string, mask func(part string) string) string {
	if checkServers(text) != nil {
		return maskServer(text, mask)
	}
	servers := strings.Split(text, ",")
	for i, server := range servers {
		servers[i] = maskServer(server, mask)
	}
	return strings.Join(servers, ",")
}

var (
	scheme   = regexp.MustCompile(`^\s*[A-Za-z][A-Za-z0-9+.-]*://`)
	hostPort = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]*\]|[\pL\pN._-]*)(:[0-9]{0,5})?/?$`)
)

func maskServer(text string, mask func(part string) string) string {
	begin := len(scheme.FindString(text))
	end := strings.LastIndexByte(text, '@')
	if end >= 0 && end < begin {
		begin = 0
	}
	head, middle, tail := text[:begin], "", text[begin:]
	if end >= 0 {
		middle, tail = mask(text[begin:end])+"@", text[end+1:]
	}
	query := ""
	if at := strings.IndexAny(tail, "?#"); at >= 0 {
		tail, query = tail[:at], tail[at:at+1]+mask(tail[at+1:])
	}
	if !hostPort.MatchString(tail) {
		tail = mask(tail) // such as user:password, of which the host is missing
	}
	return head + middle + tail + query
}

func redact(text string) string {
	return maskCredentials(text, func(string) string { return secret.Redacted })
}
