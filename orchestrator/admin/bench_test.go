package admin

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

// BenchmarkProbeUnderSlowClients is a probe on a connection of its own, while 200 clients hold connections on which
// they never finish a request, and come back when they are thrown out. Some withhold the header, others a body.
func BenchmarkProbeUnderSlowClients(b *testing.B) {
	for name, text := range map[string]string{
		"header": "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
		"body":   "POST /nope HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 100000\r\n\r\n",
	} {
		b.Run(name, func(b *testing.B) { probeUnder(b, text) })
	}
}

func probeUnder(b *testing.B, text string) {
	s := New(Options{Node: membus.New(bus.Options{}), Address: "127.0.0.1:0"})
	addr, err := s.Listen(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve() })
	ctx, stop := context.WithCancel(b.Context())
	for range 200 {
		running.Go(func() { holdConnections(ctx, addr.String(), text) })
	}
	defer running.Wait()
	defer func() { _ = s.Close() }()
	defer stop()
	var took []time.Duration
	failed := 0
	for b.Loop() {
		began := time.Now()
		request, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+addr.String()+"/livez", nil)
		if got, err := roundTrip(request); err != nil || got.status != http.StatusOK {
			failed++
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
	b.ReportMetric(float64(took[len(took)-1])/1e6, "max-ms")
	b.ReportMetric(float64(failed), "failed")
}

// holdConnections keeps opening a connection, sending half a request, and waiting to be thrown out.
func holdConnections(ctx context.Context, addr, text string) {
	var d net.Dialer
	for ctx.Err() == nil {
		c, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			continue
		}
		end := context.AfterFunc(ctx, func() { _ = c.Close() })
		_, _ = io.WriteString(c, text)
		_, _ = io.Copy(io.Discard, c)
		end()
		_ = c.Close()
	}
}

// BenchmarkCall is a call through the server on a kept connection.
func BenchmarkCall(b *testing.B) {
	node := membus.New(bus.Options{})
	greet.Handle(node.View("fixture"), func(_ context.Context, in greeting) (greeting, error) { return in, nil })
	s := New(Options{Node: node, Address: "127.0.0.1:0", Development: true})
	addr, err := s.Listen(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve() })
	defer running.Wait()
	defer func() { _ = s.Close() }()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	for b.Loop() {
		request, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://"+addr.String()+"/debug/call/fixture.greet", strings.NewReader(`{"name":"Ada"}`))
		response, err := transport.RoundTrip(request)
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}
