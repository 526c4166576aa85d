package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
)

// DefaultAddress is where the server listens unless Options.Address says otherwise: this machine only.
const DefaultAddress = "127.0.0.1:3030"

// Options say what a Server shows and to whom. Node is required; the zero value of everything else works.
type Options struct {
	// Node is the process's bus: its calls in flight and its actions are shown, and in development it can be called.
	Node *bus.Node
	// ManifestJSON is what the binary was built from, shown as it is. Its field "variant" names the binary in /healthz.
	ManifestJSON []byte
	// Ready says whether the process takes calls, and the state of each service. It is called for every probe and must be quick
	// and safe to call at any time. Defaults to a process that is always ready and has no services.
	Ready func() Readiness
	// Gatherer is what /metrics shows. Defaults to an empty registry.
	Gatherer prometheus.Gatherer
	// Development opens POST /debug/call/{action} and /debug/pprof/, which otherwise do not exist.
	Development bool
	// Logger takes the server's own lines. Defaults to one that writes nothing.
	Logger *slog.Logger
	// Address is "host:port"; port 0 takes a free one. Defaults to DefaultAddress.
	Address string
	// Hosts are further names, without a port, that a Host header may carry, for example that of a proxy in front.
	Hosts []string
	// Token opens everything but probes and metrics to other machines, at least config.MinAdminToken characters. Without one it stays closed to them.
	Token config.Secret
	// Limits bound what a client can take. Each zero field has its default.
	Limits Limits
}

// Limits bound what a client can take of the server.
type Limits struct {
	HeaderTimeout time.Duration // to send a request's header; default 5 s
	BodyTimeout   time.Duration // to send a request's body; default 10 s
	WriteTimeout  time.Duration // to take an answer, beyond the time a call or a profile itself takes; default 30 s
	IdleTimeout   time.Duration // between two requests of a connection; default 60 s
	BodyBytes     int64         // of a request's body; default 1 MiB
	Connections   int           // open at once; default 64
}

func (l Limits) withDefaults() Limits {
	return Limits{
		HeaderTimeout: orDefault(l.HeaderTimeout, 5*time.Second),
		BodyTimeout:   orDefault(l.BodyTimeout, 10*time.Second),
		WriteTimeout:  orDefault(l.WriteTimeout, 30*time.Second),
		IdleTimeout:   orDefault(l.IdleTimeout, 60*time.Second),
		BodyBytes:     orDefault(l.BodyBytes, 1<<20),
		Connections:   orDefault(l.Connections, 64),
	}
}

func orDefault[T int | int64 | time.Duration](v, fallback T) T {
	if v <= 0 {
		return fallback
	}
	return v
}

// Server is the admin server of one process. Make it with New, then Listen, Serve, and Shutdown or Close.
// Its methods may be called from any goroutine; Shutdown and Close may be called at any time and more than once.
type Server struct {
	options Options
	variant string
	begun   time.Time
	// retired ends when Shutdown or Close begins.
	retired context.Context
	leave   context.CancelFunc

	mu       sync.Mutex
	listener net.Listener
	http     *http.Server
	closed   bool
}

// New makes a Server that does not listen yet.
func New(o Options) *Server {
	o.Address = cmp.Or(o.Address, DefaultAddress)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Gatherer == nil {
		o.Gatherer = prometheus.NewRegistry()
	}
	if o.Ready == nil {
		o.Ready = func() Readiness { return Readiness{Ready: true} }
	}
	o.Limits = o.Limits.withDefaults()
	s := &Server{options: o, variant: variantOf(o.ManifestJSON), begun: time.Now()}
	s.retired, s.leave = context.WithCancel(context.Background())
	return s
}

// Listen binds the address, so that a busy port is known before anything starts, and returns where it listens.
// Nothing is answered until Serve. The error names the port, the address and the settings that change them.
func (s *Server) Listen(ctx context.Context) (net.Addr, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, fmt.Errorf("the admin server on %s has been closed: %w", s.options.Address, http.ErrServerClosed)
	case s.listener != nil:
		return nil, fmt.Errorf("the admin server listens on %s already", s.listener.Addr())
	}
	if err := checkToken(s.options.Token); err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	raw, err := lc.Listen(ctx, "tcp", s.options.Address)
	if err != nil {
		return nil, listenError(s.options.Address, err)
	}
	s.listener = limitConnections(raw, s.options.Limits.Connections)
	s.http = s.newHTTP(raw.Addr())
	return raw.Addr(), nil
}

func (s *Server) newHTTP(bound net.Addr) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	l := s.options.Limits
	return &http.Server{
		Handler:           s.handler(newGuard(bound, s.options.Hosts, s.options.Token)),
		ReadHeaderTimeout: l.HeaderTimeout,
		WriteTimeout:      l.WriteTimeout,
		IdleTimeout:       l.IdleTimeout,
		MaxHeaderBytes:    32 << 10,
		Protocols:         &protocols,
		ConnContext:       remember,
		ConnState:         markIdle,
		ErrorLog:          slog.NewLogLogger(s.options.Logger.Handler(), slog.LevelWarn),
	}
}

// Serve answers requests until Shutdown or Close, and then returns nil. Listen comes first.
func (s *Server) Serve() error {
	s.mu.Lock()
	server, listener, closed := s.http, s.listener, s.closed
	s.mu.Unlock()
	if closed {
		return nil
	}
	if server == nil {
		return errors.New("the admin server does not listen yet: call Listen before Serve")
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("the admin server on %s stopped: %w", listener.Addr(), err)
	}
	return nil
}

// Shutdown stops listening, closes the connections that wait or have sent half a request, ends profiles that are being taken,
// and waits for the requests that are being answered. When ctx ends first these are cut off and the error says so.
func (s *Server) Shutdown(ctx context.Context) error {
	server, listener := s.retire()
	if server == nil {
		return nil
	}
	defer func() { _ = listener.Close() }() // http.Server does it only for one that it serves
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		_ = server.Close()
		return fmt.Errorf("the admin server on %s cut off requests that did not end in time: %w", listener.Addr(), err)
	}
	return nil
}

// Close stops listening and cuts off every request.
func (s *Server) Close() error {
	server, listener := s.retire()
	if server == nil {
		return nil
	}
	defer func() { _ = listener.Close() }()
	if err := server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("closing the admin server on %s: %w", listener.Addr(), err)
	}
	return nil
}

func (s *Server) retire() (*http.Server, net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.leave()
	return s.http, s.listener
}
