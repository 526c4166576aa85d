package natsbus

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// Proves: S-05 in part (mutual TLS works; a wrong authority, a missing client
// certificate and a server without TLS are refused, each with its own message).
func TestTLS(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	serverCert, clientCert := ca.issue(t, "server"), ca.issue(t, "client")
	pair, err := tls.LoadX509KeyPair(serverCert.cert, serverCert.key)
	if err != nil {
		t.Fatal(err)
	}
	s := testnats.Start(t, func(o *server.Options) {
		o.TLS, o.TLSVerify, o.TLSTimeout = true, true, 5
		o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: ca.pool, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12}
	})
	secure := strings.Replace(s.URL(), "nats://", "tls://", 1)
	good := Config{URL: secure, RootCA: ca.file, ClientCert: clientCert.cert, ClientKey: clientCert.key}
	newNode(t, secure, func(n *bus.Node) { newOracle(n) }, func(c *Config) { c.RootCA, c.ClientCert, c.ClientKey = good.RootCA, good.ClientCert, good.ClientKey })
	for name, spoil := range map[string]func(*Config){
		"authority":                       func(c *Config) { c.RootCA = other.file },
		"certificate":                     func(c *Config) { c.ClientCert, c.ClientKey = "", "" },
		"secure connection not available": func(c *Config) { c.URL = strings.Replace(testnats.Start(t).URL(), "nats://", "tls://", 1) },
	} {
		c := good
		spoil(&c)
		c.FailFast, c.Logger = true, slog.New(slog.DiscardHandler)
		tr, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		// TLS 1.3 asks for a client's certificate after the handshake: the client
		// reads the alert, or finds the connection closed when it writes.
		err = tr.Start(t.Context(), bus.NewNode(bus.Options{}))
		closed := name == "certificate" && err != nil && slices.ContainsFunc(
			[]string{"closed by remote after TLS handshake", "broken pipe", "connection reset"},
			func(end string) bool { return strings.Contains(err.Error(), end) })
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), name) && !closed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An nkey opens a server that asks for it; a file that holds none is named.
func TestNKey(t *testing.T) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "seed")
	if err := os.WriteFile(file, seed, 0o600); err != nil {
		t.Fatal(err)
	}
	s := testnats.Start(t, func(o *server.Options) { o.Nkeys = []*server.NkeyUser{{Nkey: public}} })
	newNode(t, s.URL(), nil, func(c *Config) { c.NKeySeed = file })

	wrong := filepath.Join(t.TempDir(), "no-seed")
	if err := os.WriteFile(wrong, []byte("SUs3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	tr, err := New(Config{URL: s.URL(), NKeySeed: wrong})
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Start(t.Context(), bus.NewNode(bus.Options{})); err == nil || !strings.Contains(err.Error(), wrong) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("no seed: %v", err)
	}
}

type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
	file string
}

// issued is a certificate and its key, as files.
type issued struct{ cert, key string }

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t), pool: x509.NewCertPool()}
	template := certificate("test authority")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.cert)
	a.file = writePEM(t, "ca.pem", "CERTIFICATE", der)
	return a
}

func (a *authority) issue(t *testing.T, name string) issued {
	t.Helper()
	key := newKey(t)
	template := certificate(name)
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return issued{writePEM(t, name+".pem", "CERTIFICATE", der), writePEM(t, name+"-key.pem", "PRIVATE KEY", private)}
}

func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func writePEM(t *testing.T, name, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Proves: R-53 (raw bytes as payload and as the bus's header, to every action:
// each gets an answer, nothing panics, and what it costs to receive is bounded).
func FuzzWire(f *testing.F) {
	s := testnats.Start(f)
	n := newNode(f, s.URL(), func(n *bus.Node) { newOracle(n) })
	nc, err := nats.Connect(s.URL())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(nc.Close)
	f.Add("ask", []byte(`{"text":"x"}`), "1000000;shop;r-1")
	f.Add("ask", []byte(`{"text":`), "")
	f.Add("ask", []byte(`[[[[[[[[`), ";;;")
	f.Add("ask", []byte("\x00\xff"), "-1;a;b")
	f.Add("refuse", []byte(`null`), "99999999999999999999;x;y")
	f.Add("missing", []byte(``), "1;../..;")
	f.Add("ask", []byte(`{}`), "1000000;shop;r-1;"+traceparent+";more")
	r := newReceiver(f)
	f.Fuzz(func(t *testing.T, action string, payload []byte, header string) {
		if len(payload) > 1<<19 || !plainToken(action) || action == "wait" {
			t.Skip()
		}
		msg := &nats.Msg{Subject: "platform.oracle." + action, Data: payload}
		if header != "" && !strings.ContainsAny(header, "\r\n") {
			msg.Header = nats.Header{callHeader: {header}}
		}
		frugal(t, msg, func() { r.serve(msg, "oracle.weigh") })
		frugal(t, msg, func() { _ = failure(msg) })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := nc.RequestMsgWithContext(ctx, msg); err != nil {
			t.Fatalf("no answer to %q %q %q: %v", action, payload, header, err)
		}
		for _, e := range n.Stats() {
			if e.Panics > 0 {
				t.Fatalf("%s panicked", e.Action)
			}
		}
	})
}

func plainToken(s string) bool {
	return s != "" && len(s) < 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}
