package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/natsbus"
)

// Name is the word for this transport in settings.
const Name = "embedded"

// Transport is what a generated main lists.
var Transport = bus.Transporter{Name: Name, Open: open}

// host is where the server listens: a server for other machines is one that is
// set up with authentication and TLS, and that is not this one.
const host = "127.0.0.1"

// startTime bounds how long the server may take until it accepts connections.
const startTime = 10 * time.Second

// Config says where the server listens and keeps its files. In config.yml it is
// the section orchestrator.embedded.
type Config struct {
	// Port is the TCP port on 127.0.0.1. Default: 4222.
	Port int `yaml:"port"`
	// DataDir is the directory of JetStream's files; it is made if it is missing,
	// and belongs to one process at a time. Default: data/nats.
	DataDir string `yaml:"data_dir"`
}

// Validate refuses what could not work.
func (c *Config) Validate() error {
	var errs []error
	if c.Port < 1 || c.Port > 65535 {
		errs = append(errs, fmt.Errorf("port must be 1 to 65535, not %d", c.Port))
	}
	if c.DataDir == "" {
		errs = append(errs, errors.New("data_dir must name a directory"))
	}
	return errors.Join(errs...)
}

// transport is a server and the connection of this process to it.
type transport struct {
	bus.Transport // the connection

	config Config
	logger *slog.Logger
	server *server.Server
	lock   *os.File
}

func open(s bus.TransportSettings) (bus.Transport, error) {
	config := Config{Port: 4222, DataDir: filepath.Join("data", "nats")}
	if s.Decode != nil {
		if err := s.Decode(&config); err != nil {
			return nil, err
		}
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	logger := s.Logger
	if logger == nil {
		logger = slog.Default()
	}
	inner, err := natsbus.New(natsbus.Config{
		URL: "nats://" + config.address(), Namespace: s.Namespace, Logger: logger, FailFast: true,
	})
	if err != nil {
		return nil, err
	}
	return &transport{Transport: inner, config: config, logger: logger}, nil
}

func (c *Config) address() string { return net.JoinHostPort(host, strconv.Itoa(c.Port)) }

// Name is "embedded".
func (t *transport) Name() string { return Name }

// Start brings the server up and connects to it.
func (t *transport) Start(ctx context.Context, n *bus.Node) error {
	if err := t.serve(); err != nil {
		return errors.Join(err, t.release())
	}
	if err := t.Transport.Start(ctx, n); err != nil {
		return errors.Join(err, t.stop())
	}
	t.logger.Info("the embedded NATS server listens", slog.String("address", t.config.address()), slog.String("data", t.config.DataDir))
	return nil
}

func (t *transport) serve() error {
	if err := t.own(); err != nil {
		return err
	}
	// The server reports a busy port to its log only.
	probe, err := net.Listen("tcp", t.config.address())
	if err != nil {
		return fmt.Errorf("the embedded NATS server cannot listen on %s: %w; if a NATS server runs there, use it by transporter: NATS, else set orchestrator.embedded.port", t.config.address(), err)
	}
	if err := probe.Close(); err != nil {
		return fmt.Errorf("the embedded NATS server cannot listen on %s: %w", t.config.address(), err)
	}
	srv, err := server.NewServer(&server.Options{
		Host: host, Port: t.config.Port, NoSigs: true, JetStream: true, StoreDir: t.config.DataDir,
	})
	if err != nil {
		return fmt.Errorf("the embedded NATS server cannot be made: %w", err)
	}
	srv.SetLogger(journal{t.logger}, false, false)
	t.server = srv
	srv.Start()
	if !srv.ReadyForConnections(startTime) {
		return errors.Join(fmt.Errorf("the embedded NATS server does not accept connections after %s; its log says why", startTime), t.stop())
	}
	return nil
}

// own makes the data directory and takes it for this process.
func (t *transport) own() error {
	if err := os.MkdirAll(t.config.DataDir, 0o750); err != nil {
		return fmt.Errorf("the data directory of the embedded NATS server cannot be made: %w; set orchestrator.embedded.data_dir", err)
	}
	name := filepath.Join(t.config.DataDir, "lock")
	lock, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("the data directory of the embedded NATS server: %w", err)
	}
	if err := acquire(lock); err != nil {
		return errors.Join(fmt.Errorf("the data directory %s of the embedded NATS server is in use by another process: set orchestrator.embedded.data_dir, or use that process's server by transporter: NATS (%w)", t.config.DataDir, err), lock.Close())
	}
	t.lock = lock
	return nil
}

// Close disconnects and stops the server: nothing else runs by then.
func (t *transport) Close(ctx context.Context) error {
	return errors.Join(t.Transport.Close(ctx), t.stop())
}

func (t *transport) stop() error {
	if t.server != nil {
		t.server.Shutdown()
		t.server.WaitForShutdown()
		t.server = nil
	}
	return t.release()
}

// release lets another process have the data directory.
func (t *transport) release() error {
	if t.lock == nil {
		return nil
	}
	lock := t.lock
	t.lock = nil
	if err := lock.Close(); err != nil {
		return fmt.Errorf("the data directory of the embedded NATS server: %w", err)
	}
	return nil
}
