package testnats

import (
	"net/url"
	"runtime"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Cluster is servers that know each other.
type Cluster []*Server

// StartCluster runs n servers that know each other. Lame duck mode lasts as
// short as the server allows. A server that was stopped may be restarted, and joins
// the others again.
func StartCluster(t testing.TB, n int) Cluster {
	t.Helper()
	var cluster Cluster
	for range n {
		cluster = append(cluster, Start(t, func(o *server.Options) {
			o.Cluster = server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: server.RANDOM_PORT}
			o.Routes = cluster.routes()
			o.LameDuckDuration = 100 * time.Millisecond
			o.LameDuckGracePeriod = 10 * time.Millisecond
		}))
	}
	for _, s := range cluster {
		s.options.Cluster.Port = s.ClusterAddr().Port
		s.options.Routes = cluster.routes()
	}
	cluster.Await(t)
	return cluster
}

// routes are where the servers listen for each other.
func (c Cluster) routes() (routes []*url.URL) {
	for _, s := range c {
		routes = append(routes, &url.URL{Scheme: "nats", Host: s.ClusterAddr().String()})
	}
	return routes
}

// Await waits until every server knows all others.
func (c Cluster) Await(t testing.TB) {
	t.Helper()
	for _, s := range c {
		for deadline := time.Now().Add(startTime); s.neighbours(t) < len(c)-1; runtime.Gosched() {
			if time.Now().After(deadline) {
				t.Fatal("the NATS servers did not find each other")
			}
		}
	}
}

// neighbours counts the servers that this one has a route to.
func (s *Server) neighbours(t testing.TB) int {
	t.Helper()
	found, err := s.Routez(nil)
	if err != nil {
		t.Fatal(err)
	}
	others := map[string]bool{}
	for _, r := range found.Routes {
		others[r.RemoteID] = true
	}
	return len(others)
}

// Subscriptions counts the subscriptions of a subject that clients of the cluster have.
func (c Cluster) Subscriptions(t testing.TB, subject string) (count int) {
	t.Helper()
	for _, s := range c {
		count += s.Subscriptions(t, subject)
	}
	return count
}

// LameDuck lets the server leave as in a rolling restart, and waits until it has.
func (s *Server) LameDuck() {
	s.LameDuckShutdown()
	s.Server.WaitForShutdown()
}
