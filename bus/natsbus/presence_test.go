package natsbus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// hearsay is what a service heard of other nodes.
type hearsay struct {
	mu   sync.Mutex
	told []string
}

func (h *hearsay) listen(n *bus.Node) {
	note := func(what string) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.told = append(h.told, what)
	}
	b := n.View("watch")
	bus.NodeJoined.Subscribe(b, func(_ context.Context, p bus.Peer) error { note("+" + p.Node); return nil })
	bus.NodeChanged.Subscribe(b, func(_ context.Context, p bus.Peer) error { note("*" + p.Node + fmt.Sprint(p.Services)); return nil })
	bus.NodeLeft.Subscribe(b, func(_ context.Context, d bus.Departure) error { note("-" + d.Node + " " + d.Reason); return nil })
}

func (h *hearsay) heard(what string) func() bool {
	return func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return slices.Contains(h.told, what)
	}
}

// newNamed makes a node with an id and quick heartbeats, and starts it.
func newNamed(t *testing.T, url, id string, wire func(*bus.Node), change ...func(*Config)) *bus.Node {
	t.Helper()
	return begin(t, unstarted(t, url, id, wire, change...))
}

func unstarted(t *testing.T, url, id string, wire func(*bus.Node), change ...func(*Config)) *bus.Node {
	t.Helper()
	c := Config{URL: url, HeartbeatInterval: 50 * time.Millisecond, HeartbeatTimeout: 500 * time.Millisecond}
	for _, f := range change {
		f(&c)
	}
	n, _ := build(t, c, bus.Options{NodeID: id}, wire)
	return n
}

func sees(n *bus.Node, ids ...string) func() bool {
	return func() bool { return slices.Equal(nodesOf(n.Peers()), ids) }
}

// Nodes know each other within a round trip of the later one's start, whatever the
// interval, and see what each serves; who stops says goodbye.
//
// Proves: B15, R19 (nodes come and go).
func TestNodesKnowEachOther(t *testing.T) {
	s := testnats.Start(t)
	seldom := func(c *Config) { c.HeartbeatInterval, c.HeartbeatTimeout = time.Hour, 3*time.Hour }
	h := &hearsay{}
	one := newNamed(t, s.URL(), "one", h.listen, seldom)
	two := newNamed(t, s.URL(), "two", func(n *bus.Node) { newOracle(n) }, seldom)
	until(t, "they know each other", func() bool { return sees(one, "two")() && sees(two, "one")() })
	until(t, "what the other serves is known", func() bool { return slices.Equal(one.Peers()[0].Services, []string{"oracle"}) })
	until(t, "services hear of it", h.heard("+two"))
	until(t, "services hear what it serves", h.heard("*two[oracle]"))
	if p := one.View("watch").Peers(); !slices.Equal(nodesOf(p), []string{"two"}) {
		t.Errorf("a service sees %v", p)
	}
	if p := one.Peers()[0]; p.Run != two.Self().Run || !p.Started.Equal(two.Self().Started) {
		t.Errorf("one sees %+v, which is %+v", p, two.Self())
	}
	if got := one.Status().Nodes; got != 2 {
		t.Errorf("there are %d nodes", got)
	}
	if err := errors.Join(two.Drain(t.Context()), two.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	until(t, "goodbye is heard", h.heard("-two stopped"))
	until(t, "who left is not listed", sees(one))
}

// A node that cannot be heard any more is lost after the timeout; when it is back it
// joins again. So it is when the server was away.
//
// Proves: B15 (heartbeat and node loss).
func TestLostNode(t *testing.T) {
	s := testnats.Start(t)
	proxy := testnats.NewProxy(t, strings.TrimPrefix(s.URL(), "nats://"))
	h := &hearsay{}
	watcher := newNamed(t, s.URL(), "watcher", h.listen)
	newNamed(t, proxy.URL(), "far", nil)
	until(t, "the far node joins", h.heard("+far"))
	seen := watcher.Peers()[0].Seen
	proxy.Hold()
	until(t, "the far node is lost", h.heard("-far lost"))
	t.Logf("FIGURE B15 timeout_ms=500 lost_after_ms=%d", time.Since(seen).Milliseconds())
	if sees(watcher, "far")() {
		t.Error("the lost node is still listed")
	}
	proxy.Release()
	until(t, "the far node is back", sees(watcher, "far"))
}

func TestNodesFindEachOtherWhenTheServerIsBack(t *testing.T) {
	s := testnats.Start(t)
	seldom := func(c *Config) { c.HeartbeatInterval, c.HeartbeatTimeout = time.Hour, 3*time.Hour }
	one := newNamed(t, s.URL(), "one", nil, seldom)
	newNamed(t, s.URL(), "two", nil, seldom)
	until(t, "they know each other", sees(one, "two"))
	s.Stop()
	until(t, "the loss is noticed", func() bool { return !one.Connected() })
	s.Restart()
	before := time.Now()
	until(t, "two said hello again", func() bool { p := one.Peers(); return len(p) == 1 && p[0].Seen.After(before) })
}

// Two processes under one id would be one to everybody else: the second is refused,
// until the first has stopped. A dead one does not count.
func TestNodeIDBelongsToOneProcess(t *testing.T) {
	s := testnats.Start(t)
	first := newNamed(t, s.URL(), "shop-1", nil)
	newNamed(t, s.URL(), "shop-2", nil)
	err := unstarted(t, s.URL(), "shop-1", nil).Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "another process runs as node shop-1 (run "+first.Self().Run) {
		t.Errorf("the second: %v", err)
	}
	if err := first.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	newNamed(t, s.URL(), "shop-1", nil)

	nc := client(t, s)
	if _, err := nc.Subscribe("platform.nodes.at.stranger", func(m *nats.Msg) { m.Respond([]byte("hi")) }); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := unstarted(t, s.URL(), "stranger", nil).Start(t.Context()); err == nil || !strings.Contains(err.Error(), "none of ours") {
		t.Errorf("an id that something else answers for: %v", err)
	}
	if err := unstarted(t, s.URL(), "not.a.token", nil).Start(t.Context()); err == nil || !strings.Contains(err.Error(), `"not.a.token"`) {
		t.Errorf("an id that is no token: %v", err)
	}
}

// A process that did not run could not hear of anybody, and loses nobody for it.
func TestLateLoopLosesNobody(t *testing.T) {
	n, made := build(t, Config{HeartbeatInterval: time.Second, HeartbeatTimeout: 3 * time.Second}, bus.Options{}, nil)
	p := made.presence
	p.node = n
	began := time.Now()
	p.peers.hear(beat{Node: "far", Run: "far", EveryMS: 1000}, began)
	woke := began.Add(time.Minute)
	p.forget(began.Add(time.Second), woke)
	if !sees(p.node, "far")() {
		t.Error("it was lost while this process did not run")
	}
	p.forget(woke.Add(3*time.Second), woke.Add(3*time.Second))
	if !sees(p.node)() {
		t.Error("it was not lost when it was not heard of afterwards")
	}
}

// Nothing is said after goodbye, whoever would have something to say.
func TestGoodbyeIsTheLast(t *testing.T) {
	s := testnats.Start(t)
	nc := client(t, s)
	for range 20 {
		told := make(chan *nats.Msg, 1000)
		sub, err := nc.ChanSubscribe("platform.nodes.beats", told)
		if err := errors.Join(err, nc.Flush()); err != nil {
			t.Fatal(err)
		}
		n, made := build(t, Config{URL: s.URL()}, bus.Options{}, nil)
		p := made.presence
		begin(t, n)
		var talking sync.WaitGroup
		talking.Go(func() {
			for range 100 {
				p.changed()
			}
		})
		p.leave()
		talking.Wait()
		if err := errors.Join(made.Close(t.Context()), made.Close(t.Context()), nc.Flush(), sub.Unsubscribe()); err != nil {
			t.Fatal(err)
		}
		goodbye := false
		for len(told) > 0 {
			if goodbye {
				t.Fatal("it said something after goodbye")
			}
			goodbye = strings.Contains(string((<-told).Data), `"leaving":true`)
		}
		if !goodbye {
			t.Fatal("it did not say goodbye")
		}
	}
}

// Another run under the same id that was not refused is complained of, once.
func TestRivalIsComplainedOfOnce(t *testing.T) {
	s := testnats.Start(t)
	var log transcript
	n := newNamed(t, s.URL(), "shop-1", nil, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	nc := client(t, s)
	for range 3 {
		if err := nc.Publish("platform.nodes.beats", []byte(`{"node":"shop-1","run":"other","services":[]}`)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the rival is known", sees(n, "shop-1"))
	until(t, "it is complained of", func() bool { return strings.Contains(log.String(), "other_run=other") })
	if err := nc.Publish("platform.nodes.beats", []byte(`{"node":"shop-1","run":"other","services":["last"]}`)); err != nil {
		t.Fatal(err)
	}
	until(t, "the last beat was heard", func() bool { p := n.Peers(); return len(p) == 1 && len(p[0].Services) == 1 })
	if c := strings.Count(log.String(), "other_run"); c != 1 {
		t.Errorf("complained %d times", c)
	}
}

// transcript is a log that several goroutines write to.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
