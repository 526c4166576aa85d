package admin

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Proves: R13 (the message; the exit code is the orchestrator's).
func TestListenNamesABusyPortAndTheSettings(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	_, err = New(Options{Address: taken.Addr().String()}).Listen(t.Context())
	if err == nil {
		t.Fatal("a second listener on the port was not refused")
	}
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, want := range []string{taken.Addr().String(), "port " + port + " is in use", "metrics_port", "METRICS_PORT"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %q", err, want)
		}
	}
}

func TestListenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		options Options
		want    string
	}{
		"no port":          {Options{Address: "127.0.0.1"}, "is not host:port"},
		"a foreign host":   {Options{Address: "192.0.2.1:0"}, "admin_address"},
		"a guessable door": {Options{Address: "127.0.0.1:0", Token: "secret"}, "openssl rand -hex 32"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(test.options).Listen(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestLifeInAnyOrder(t *testing.T) {
	s := New(Options{Address: "127.0.0.1:0"})
	if err := s.Serve(); err == nil {
		t.Error("Serve before Listen gave no error")
	}
	addr, err := s.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Listen(t.Context()); err == nil {
		t.Error("a second Listen gave no error")
	}
	if err := errors.Join(s.Shutdown(t.Context()), s.Shutdown(t.Context()), s.Close(), s.Serve()); err != nil {
		t.Errorf("stopping without having served, twice: %v", err)
	}
	if again, err := net.Listen("tcp", addr.String()); err != nil {
		t.Errorf("the port is still bound: %v", err)
	} else {
		_ = again.Close()
	}
	if _, err := s.Listen(t.Context()); !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("Listen after Shutdown: %v", err)
	}
	if err := New(Options{}).Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown without Listen: %v", err)
	}
}

// background makes a call that stays in fixture.wait, and gives its answer later.
func (r *rig) background(t *testing.T) <-chan reply {
	t.Helper()
	answered := make(chan reply, 1)
	go func() {
		defer close(answered)
		request, _ := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, r.url+"/debug/call/fixture.wait", nil)
		if got, err := roundTrip(request); err == nil {
			answered <- got
		}
	}()
	<-r.entered
	return answered
}

func TestShutdownLetsACallEnd(t *testing.T) {
	r := start(t, nil)
	answered := r.background(t)
	stopped := make(chan error, 1)
	go func() { stopped <- r.Shutdown(context.WithoutCancel(t.Context())) }()
	r.release <- struct{}{}
	if got := <-answered; got.status != http.StatusOK {
		t.Errorf("the call in flight got %d %s", got.status, got.body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestShutdownSaysWhenItCutsCallsOff(t *testing.T) {
	r := start(t, nil)
	answered := r.background(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Shutdown(ended); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("Shutdown: %v", err)
	}
	if got, ok := <-answered; ok {
		t.Errorf("the call was answered with %d", got.status)
	}
}
