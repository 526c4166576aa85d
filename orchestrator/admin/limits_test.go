package admin

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func contextWithCancel(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

// dial opens a connection and sends text on it.
func (r *rig) dial(t *testing.T, text string) net.Conn {
	t.Helper()
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSlowHeaderIsCutOff(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.HeaderTimeout = 30 * time.Millisecond })
	c := r.dial(t, "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("the connection was not closed: %v", err)
	}
}

func TestSlowBodyIsCutOff(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.BodyTimeout = 30 * time.Millisecond })
	for _, path := range []string{"/debug/call/fixture.greet", "/livez"} {
		c := r.dial(t, "POST "+path+" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"name\":")
		if _, err := io.ReadAll(c); err != nil {
			t.Errorf("%s: the connection was not closed: %v", path, err)
		}
	}
	if n := len(r.node.Stats()); n != 0 {
		t.Error("half a body was called with")
	}
}

func TestIdleConnectionIsClosed(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.IdleTimeout = 30 * time.Millisecond })
	c := r.dial(t, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if text, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 200") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestLargeBody(t *testing.T) {
	r := start(t, nil)
	const mebibyte = 1 << 20
	for size, want := range map[int]int{mebibyte: http.StatusOK, mebibyte + 1: http.StatusRequestEntityTooLarge, 3 * mebibyte: http.StatusRequestEntityTooLarge} {
		body := fmt.Sprintf(`{"name":%q}`, strings.Repeat("x", size-len(`{"name":""}`)))
		for _, chunked := range []bool{false, true} {
			var reader io.Reader = strings.NewReader(body)
			if chunked {
				reader = struct{ io.Reader }{reader} // of unknown length
			}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/debug/call/fixture.greet", reader)
			if err != nil {
				t.Fatal(err)
			}
			got, err := roundTrip(request)
			if err != nil || got.status != want {
				t.Errorf("%d bytes, chunked %v: %d %v, want %d", size, chunked, got.status, err, want)
			}
		}
	}
}

func TestLargeHeaderIsRefused(t *testing.T) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, start(t, nil).url+"/livez", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Large", strings.Repeat("x", 64<<10))
	// The server closes before it has read all, so the answer may be lost; what counts is that there is no other.
	if got, err := roundTrip(request); err == nil && got.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%d", got.status)
	}
}

func TestDefaultLimits(t *testing.T) {
	want := Limits{HeaderTimeout: 5 * time.Second, BodyTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, BodyBytes: 1 << 20, Connections: 64}
	if got := New(Options{}).options.Limits; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	want.Connections = 2
	if got := New(Options{Limits: Limits{Connections: 2}}).options.Limits; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestOnlyHTTP1(t *testing.T) {
	r := start(t, nil)
	c := r.dial(t, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || strings.Contains(line, "101") || strings.Contains(line, "200") {
		t.Errorf("%q, %v", line, err)
	}
}

// When all places are taken by clients that do not get on, a probe is still answered, and the one that waited longest goes.
func TestIdleClientsDoNotLockAProbeOut(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Connections = 3 })
	oldest := r.dial(t, "")
	r.dial(t, "GET /livez HT")
	r.dial(t, "GET /livez HTTP/1.1\r\n")
	for range 10 {
		if got := r.ask(t, "GET", "/livez", ""); got.status != http.StatusOK {
			t.Fatalf("%d", got.status)
		}
	}
	if _, err := oldest.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("the connection that waited longest is still open: %v", err)
	}
}

// A connection whose request is being answered keeps its place; the newcomer waits for one.
func TestServedClientsKeepTheirPlaces(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Connections = 2 })
	first, second := r.background(t), r.background(t)
	probed := make(chan reply, 1)
	go func() {
		request, _ := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, r.url+"/livez", nil)
		got, _ := roundTrip(request)
		probed <- got
	}()
	r.release <- struct{}{}
	if got := <-probed; got.status != http.StatusOK {
		t.Errorf("the newcomer got %d", got.status)
	}
	r.release <- struct{}{}
	for _, answered := range []<-chan reply{first, second} {
		if got, ok := <-answered; !ok || got.status != http.StatusOK {
			t.Errorf("a call in flight lost its connection: %d %s", got.status, got.body)
		}
	}
}

func TestClosingFreesAClientThatWaitsForAPlace(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limitConnections(inner, 1)
	r := &rig{url: "http://" + inner.Addr().String()}
	r.dial(t, "")
	busy, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	busy.(*connection).serve(false)
	r.dial(t, "")
	refused := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		refused <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-refused; err == nil {
		t.Error("a connection was accepted after Close")
	}
	for range 2 {
		_ = busy.Close()
	}
	if len(l.open) != 0 || l.busy != 0 {
		t.Errorf("%d open, %d busy after all were closed", len(l.open), l.busy)
	}
}
