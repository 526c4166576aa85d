// Package testnats runs real NATS servers for tests: inside the test process, on
// a free port of this machine, with their files in a temporary directory.
package testnats

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// startTime bounds how long a server may take until it accepts connections.
const startTime = 20 * time.Second

// Server is a running NATS server.
type Server struct {
	*server.Server

	t       testing.TB
	options server.Options
}

// Start runs a server that ends with the test. The options are changed by the
// given functions before it starts.
func Start(t testing.TB, change ...func(*server.Options)) *Server {
	t.Helper()
	o := server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true,
		StoreDir: t.TempDir(), MaxControlLine: 4096,
	}
	for _, f := range change {
		f(&o)
	}
	s := &Server{t: t, options: o}
	s.run()
	t.Cleanup(s.Stop)
	return s
}

func (s *Server) run() {
	s.t.Helper()
	o := s.options
	srv, err := server.NewServer(&o)
	if err != nil {
		s.t.Fatalf("making a NATS server: %v", err)
	}
	srv.Start()
	if !srv.ReadyForConnections(startTime) {
		s.t.Fatalf("the NATS server is not ready after %s", startTime)
	}
	s.Server = srv
	s.options.Port = o.Port
	if o.Port == server.RANDOM_PORT {
		s.t.Fatal("the NATS server did not say its port")
	}
}

// Stop ends the server and waits until it has gone.
func (s *Server) Stop() {
	s.Server.Shutdown()
	s.Server.WaitForShutdown()
}

// Restart brings a stopped server back on the same port.
func (s *Server) Restart() {
	s.t.Helper()
	s.run()
}

// Change is about the options with which the server is restarted.
func (s *Server) Change(f func(*server.Options)) { f(&s.options) }

// Subscriptions counts the subscriptions of a subject that clients of this server have.
func (s *Server) Subscriptions(t testing.TB, subject string) int {
	t.Helper()
	found, err := s.Connz(&server.ConnzOptions{Subscriptions: true, Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, c := range found.Conns {
		for _, of := range c.Subs {
			if of == subject {
				count++
			}
		}
	}
	return count
}

// URL is the address of the server for clients.
func (s *Server) URL() string { return s.Server.ClientURL() }
