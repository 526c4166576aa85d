package admin

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// withheld are requests that announce a body and do not send it: refused by the guard, unknown, of a wrong method, and a
// call that may pass.
func withheld() map[string]string {
	request := func(path, host string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 100000\r\n\r\n{"
	}
	return map[string]string{
		"refused": request("/nope", "evil.example"), "unknown": request("/nope", "localhost"),
		"wrong method": request("/livez", "localhost"), "call": request("/debug/call/fixture.greet", "localhost"),
	}
}

// probe asks for /livez and fails if the answer takes longer than a kubelet would wait.
func (r *rig) probe(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/livez", nil)
	if got, err := roundTrip(request); err != nil || got.status != http.StatusOK {
		t.Errorf("a probe got %d %v", got.status, err)
	}
}

// A body that is announced and withheld keeps no place, whether the request may pass or not.
func TestWithheldBodiesDoNotLockAProbeOut(t *testing.T) {
	for name, text := range withheld() {
		t.Run(name, func(t *testing.T) {
			r := start(t, func(o *Options) { o.Limits.Connections, o.Limits.BodyTimeout = 4, time.Minute })
			for range 4 {
				r.dial(t, text)
			}
			for range 3 {
				r.probe(t)
			}
		})
	}
}

// What is refused is answered and closed, without waiting for the body that was announced.
func TestRefusedRequestsAreClosed(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.BodyTimeout = time.Minute })
	for name, status := range map[string]string{"refused": "421", "unknown": "404", "wrong method": "405"} {
		if text, err := io.ReadAll(r.dial(t, withheld()[name])); err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 "+status) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// Calls that last take three quarters of the places; the others are for probes. One that ends makes room for the next.
func TestProbesHaveAReserve(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Connections = 4 })
	for range 3 {
		r.background(t)
	}
	for range 3 {
		if got := r.ask(t, "POST", "/debug/call/fixture.greet", `{}`); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
			t.Errorf("a call beyond the places got %d %s", got.status, got.body)
		}
		r.probe(t)
	}
	r.release <- struct{}{}
	limit := time.After(10 * time.Second)
	for got := 0; got != http.StatusOK; {
		select {
		case <-limit:
			t.Fatal("a call that ended did not give its place back")
		default:
			got = r.ask(t, "POST", "/debug/call/fixture.greet", `{}`).status
		}
	}
	for range 2 {
		r.release <- struct{}{}
	}
}

// Neither half a request nor a profile that is being taken is a reason to wait.
func TestShutdownWaitsForNobodyWhoOnlySends(t *testing.T) {
	r := start(t, nil)
	r.dial(t, "GET /livez HT")
	for _, text := range withheld() {
		r.dial(t, text)
	}
	profile := r.dial(t, "GET /debug/pprof/trace?seconds=60 HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if _, err := profile.Read(make([]byte, 1)); err != nil { // the trace has begun
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Second)
	defer cancel()
	if err := r.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

// pages is a log that tests read.
type pages struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *pages) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *pages) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// A stranger does not decide how long a line of the log is.
func TestRefusedRequestsAreLoggedInBrief(t *testing.T) {
	log := &pages{}
	r := start(t, func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	r.ask(t, "GET", "/"+strings.Repeat("%01", 8_000), "", "Host", strings.Repeat("h", 8_000))
	if n := len(log.String()); n == 0 || n > 1_500 {
		t.Errorf("the line has %d bytes:\n%.2000s", n, log)
	}
}

// Prometheus may be told not to compress; that is no mistake of anybody's.
func TestMetricsAreCompressedWhenWanted(t *testing.T) {
	log := &pages{}
	r := start(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(log, nil)) })
	for accepted, want := range map[string]string{
		"": "", "gzip": "gzip", "GZIP;q=0.5": "gzip", "deflate, gzip;q=1.0, *;q=0.5": "gzip", "*": "gzip",
		"gzip;q=0": "", "gzip; q=0.0": "", "*;q=0": "", "identity;q=0": "", "gzip;q=0, *": "", "br": "",
	} {
		var header []string
		if accepted != "" {
			header = []string{"Accept-Encoding", accepted}
		}
		got := r.ask(t, "GET", "/metrics", "", header...)
		if got.status != http.StatusOK || got.header.Get("Content-Encoding") != want {
			t.Errorf("%q: %d, encoded as %q, want %q", accepted, got.status, got.header.Get("Content-Encoding"), want)
		}
	}
	if log.String() != "" {
		t.Errorf("logged:\n%s", log)
	}
}
