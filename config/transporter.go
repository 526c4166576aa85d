package config

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// What a Transporter can be.
const (
	TransporterMemory   = "memory"   // calls stay in the process
	TransporterNATS     = "nats"     // calls can reach other processes through a NATS server
	TransporterEmbedded = "embedded" // the same, with the NATS server in this process
)

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
// several with commas, stand for themselves. The error names the value, with
// user names and passwords masked.
func ParseTransporter(value string) (Transporter, error) {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "null", TransporterMemory:
		return Transporter{Kind: TransporterMemory}, nil
	case TransporterNATS:
		return Transporter{Kind: TransporterNATS, URL: defaultNATS}, nil
	case TransporterEmbedded:
		return Transporter{Kind: TransporterEmbedded}, nil
	}
	for server := range strings.SplitSeq(value, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		if err != nil || u.Scheme != "nats" && u.Scheme != "tls" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
			return Transporter{}, fmt.Errorf("%s, which is no transporter", quoted(value))
		}
	}
	return Transporter{Kind: TransporterNATS, URL: value}, nil
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
		return redactURL(t.URL)
	}
	return t.Kind
}

// GoString is what %#v prints: the same as String, so that it is safe, too.
func (t Transporter) GoString() string { return "config.Transporter(" + t.String() + ")" }

// Format prints String for every verb, quoted for %q.
func (t Transporter) Format(f fmt.State, verb rune) { formatSafe(f, verb, t.String(), t.GoString()) }

// LogValue gives slog the masked form.
func (t Transporter) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText gives JSON the masked form.
func (t Transporter) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// redactURL masks what stands between :// and the last @ of each URL in a list.
// It takes text that is no URL as well, since that is when it is printed.
func redactURL(text string) string {
	servers := strings.Split(text, ",")
	for i, server := range servers {
		at := strings.LastIndexByte(server, '@')
		if at < 0 {
			continue
		}
		scheme := ""
		if end := strings.Index(server[:at], "://"); end >= 0 {
			scheme = server[:end+3]
		}
		servers[i] = scheme + redacted + server[at:]
	}
	return strings.Join(servers, ",")
}

// quoted quotes a value for a message, with passwords in URLs masked.
func quoted(value string) string { return fmt.Sprintf("%q", redactURL(value)) }
