package bus

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// neighbours is a transport with peers.
type neighbours struct {
	wire

	peers []Peer
	away  bool
}

func (n *neighbours) Peers() []Peer   { return slices.Clone(n.peers) }
func (n *neighbours) Connected() bool { return !n.away }

func TestPeersAreListedByID(t *testing.T) {
	n, _ := quietNode(t, Options{NodeID: "here", Transport: &neighbours{peers: []Peer{{Node: "b", Run: "2"}, {Node: "b", Run: "1"}, {Node: "a"}}}})
	var ids []string
	for _, p := range n.Peers() {
		ids = append(ids, p.Node+p.Run)
	}
	if !slices.Equal(ids, []string{"a", "b1", "b2"}) {
		t.Errorf("listed %q", ids)
	}
	alone, _ := quietNode(t, Options{})
	if len(alone.Peers()) != 0 {
		t.Error("a node without a transport has peers")
	}
}

// Proves: R19 (what the gauges show).
func TestStatusIsWhatThereIs(t *testing.T) {
	far := &neighbours{peers: []Peer{{Node: "a"}, {Node: "b"}}}
	n, _ := quietNode(t, Options{NodeID: "here", Transport: far})
	serve := func(name string) {
		NewAction[ping, ping](name).Handle(n.View(name[:1]), func(_ context.Context, p ping) (ping, error) { return p, nil })
	}
	serve("x.one")
	serve("x.two")
	serve("y.one")
	_, _ = NewAction[ping, ping]("z.called").Call(t.Context(), n.View("x"), ping{})
	n.Hold("y")
	want := func(s Status) {
		t.Helper()
		if got := n.Status(); got != s {
			t.Errorf("got %+v, want %+v", got, s)
		}
	}
	want(Status{Services: 1, Actions: 3, Nodes: 3, Connected: true})
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.Release("y"); err != nil {
		t.Fatal(err)
	}
	far.peers, far.away = far.peers[:1], true
	want(Status{Services: 2, Actions: 3, Nodes: 2, Started: true})
	if self := n.Self(); self.Node != "here" || self.Run == "" || !slices.Equal(self.Services, []string{"x", "y"}) {
		t.Errorf("it sees itself as %+v", self)
	}
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want(Status{Services: 2, Actions: 3, Nodes: 2})
}

// Services hear of nodes that come and go, also while the node drains; one that does
// not keep up is not waited for.
func TestServicesHearOfNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		var heard []string
		NodeJoined.Subscribe(n.View("balancer"), func(_ context.Context, p Peer) error {
			heard = append(heard, "+"+p.Node+fmt.Sprint(p.Services))
			return nil
		})
		NodeLeft.Subscribe(n.View("balancer"), func(_ context.Context, d Departure) error {
			heard = append(heard, "-"+d.Node+" "+d.Reason)
			return nil
		})
		release := make(chan struct{})
		NodeJoined.Subscribe(n.View("slow"), func(context.Context, Peer) error { <-release; return nil }, QueueSize(1))
		for _, id := range []string{"a", "b", "c"} {
			n.PeerJoined(Peer{Node: id, Services: []string{"pricing"}})
			synctest.Wait()
		}
		n.stop.Or(draining)
		n.PeerLeft(Peer{Node: "a"}, PeerStopped)
		synctest.Wait()
		n.PeerLeft(Peer{Node: "b"}, PeerLost)
		synctest.Wait()
		close(release)
		if want := []string{"+a[pricing]", "+b[pricing]", "+c[pricing]", "-a stopped", "-b lost"}; !slices.Equal(heard, want) {
			t.Errorf("heard %q, want %q", heard, want)
		}
		if s := countersOf(t, n, "slow", NodeJoined.Name()); s.Dropped[QueueFull] != 1 {
			t.Errorf("the slow one: %+v", s)
		}
	})
}

// The states of a breaker are told as they are entered.
func TestServicesHearOfBreakers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		down := true
		a := NewAction[ping, ping]("stock.reserve")
		a.Handle(n.View("stock"), func(_ context.Context, p ping) (ping, error) {
			if down {
				return ping{}, Errorf(Unavailable, "down")
			}
			return p, nil
		})
		var heard []BreakerChange
		BreakerChanged.Subscribe(n.View("watch"), func(_ context.Context, c BreakerChange) error {
			heard = append(heard, c)
			return nil
		})
		bound := a.With(Breaker(BreakerPolicy{MinRequests: 2, OpenFor: time.Second}))
		for range 3 {
			_, _ = bound.Call(t.Context(), n.View("shop"), ping{})
		}
		<-time.After(time.Second)
		down = false
		if _, err := bound.Call(t.Context(), n.View("shop"), ping{}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		about := BreakerChange{Service: "stock", Action: "stock.reserve", Caller: "shop"}
		open, half, shut := about, about, about
		open.State, open.Code = "open", "unavailable"
		half.State, shut.State = "half-open", "closed"
		open.Number, half.Number, shut.Number = 1, 2, 3
		if want := []BreakerChange{open, half, shut}; !slices.Equal(heard, want) {
			t.Errorf("heard %+v, want %+v", heard, want)
		}
	})
}
