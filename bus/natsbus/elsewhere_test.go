package natsbus

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// knowsInstances waits until a node knows so many others that serve the service.
func knowsInstances(t *testing.T, n *bus.Node, service string, count int) {
	t.Helper()
	until(t, "the instances are known", func() bool {
		known := 0
		for _, p := range n.Peers() {
			if slices.Contains(p.Services, service) {
				known++
			}
		}
		return known == count
	})
}

// In a rolling deploy instances of two ages serve one service: a call of an action that
// only the later have gets to one of them, also from a node that has it itself.
func TestEarlierInstancesShieldNobody(t *testing.T) {
	s := testnats.Start(t)
	const earlier = 12
	for range earlier {
		newNode(t, s.URL(), func(n *bus.Node) { ask.Handle(n.View("oracle"), named("earlier")) })
	}
	later := func(n *bus.Node) {
		ask.Handle(n.View("oracle"), named("later"))
		missing.Handle(n.View("oracle"), named("later"))
	}
	first := newNode(t, s.URL(), later)
	caller, made := build(t, Config{URL: s.URL()}, bus.Options{}, nil)
	begin(t, caller)
	knowsInstances(t, caller, "oracle", earlier+1)
	shop := caller.View("shop")
	for range 100 {
		if res, err := missing.Call(t.Context(), shop, question{}); err != nil || res.Text != "later" {
			t.Fatalf("%+v, %v", res, err)
		}
	}
	if n := requests(first); n != 100 {
		t.Errorf("the later instance served %d of 100", n)
	}
	nobodys := bus.NewAction[question, reading]("oracle.nobodys")
	for range 3 {
		if _, err := nobodys.Call(t.Context(), shop, question{}); bus.CodeOf(err) != bus.Unimplemented {
			t.Errorf("an action that nobody has: %v", err)
		}
	}
	if err := errors.Join(first.Drain(t.Context()), first.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	knowsInstances(t, caller, "oracle", earlier)
	if _, err := missing.Call(t.Context(), shop, question{}); bus.CodeOf(err) != bus.Unimplemented {
		t.Errorf("when only the earlier are left: %v", err)
	}
	if res, err := ask.Call(t.Context(), shop, question{}); err != nil || res.Text != "earlier" {
		t.Errorf("an action that they have: %+v, %v", res, err)
	}
	sharing, _ := build(t, Config{URL: s.URL()}, bus.Options{Share: true}, later)
	begin(t, sharing)
	for range 20 {
		if res, err := missing.Call(t.Context(), sharing.View("shop"), question{}); err != nil || res.Text != "later" {
			t.Fatalf("from a node that shares its own: %+v, %v", res, err)
		}
	}
	if p := made.presence.peers; len(p.lacking.runs["oracle.missing"]) != earlier {
		t.Errorf("%d instances are known to lack it", len(p.lacking.runs["oracle.missing"]))
	}
}

// One of two instances is full: every call is served by the other. When both are, the
// refusal says that trying again does no harm.
func TestFullInstanceShieldsNobody(t *testing.T) {
	s := testnats.Start(t)
	start := func() (*oracle, *transport) {
		var o *oracle
		n, made := build(t, Config{URL: s.URL(), Concurrency: 1, Queue: 1}, bus.Options{}, func(n *bus.Node) { o = newOracle(n) })
		begin(t, n)
		return o, made
	}
	full, far := start()
	caller := newNode(t, s.URL(), nil)
	shop := caller.View("shop")
	var held sync.WaitGroup
	fill := func(o *oracle, made *transport) {
		for range 2 {
			held.Go(func() { _, _ = wait.Call(context.Background(), shop, question{}) })
		}
		<-o.arrived
		until(t, "the instance is full", func() bool { return inside(made.service("oracle")) == 2 })
	}
	fill(full, far)
	idle, near := start()
	knowsInstances(t, caller, "oracle", 2)
	for range 60 {
		got := make(chan error, 1)
		go func() { _, err := wait.Call(t.Context(), shop, question{}); got <- err }()
		select {
		case <-idle.arrived:
			idle.release <- struct{}{}
		case err := <-got:
			t.Fatalf("a call beside an idle instance: %v", err)
		}
		if err := <-got; err != nil {
			t.Fatal(err)
		}
	}
	fill(idle, near)
	_, err := wait.Call(t.Context(), shop, question{})
	var refused *bus.Error
	if !errors.As(err, &refused) || refused.Code != bus.ResourceExhausted || !refused.Retryable {
		t.Errorf("when both are full: %v", err)
	}
	close(full.release)
	close(idle.release)
	held.Wait()
}

// Which instances lack an action is forgotten with them, and of those that lack nothing
// any is chosen.
func TestInstancesAreChosen(t *testing.T) {
	p := newPeers(time.Minute)
	now := time.Now()
	for _, run := range []string{"a", "b", "c"} {
		p.hear(beat{Node: run, Run: run, Services: []string{"oracle"}}, now)
	}
	p.hear(beat{Node: "d", Run: "d", Services: []string{"till"}}, now)
	if got := p.narrowed("oracle", "oracle.ask"); got != "" {
		t.Errorf("nobody lacks it, and %q was chosen", got)
	}
	p.lack("a", "oracle.ask")
	p.lack("a", "oracle.ask")
	p.lack("stranger", "oracle.ask")
	if got := p.able("oracle", "oracle.ask", []string{"b"}); got != "c" {
		t.Errorf("chose %q", got)
	}
	if got := p.narrowed("oracle", "oracle.ask"); got != "b" && got != "c" {
		t.Errorf("chose %q", got)
	}
	if got := p.narrowed("oracle", "oracle.other"); got != "" {
		t.Errorf("of an action that all have %q was chosen", got)
	}
	p.lack("b", "oracle.ask")
	p.leave("c", now)
	if got := p.able("oracle", "oracle.ask", nil); got != "" {
		t.Errorf("all lack it, and %q was chosen", got)
	}
	p.expire(now.Add(time.Hour))
	if p.lacking.any.Load() || len(p.lacking.runs) > 0 || len(p.services) > 0 {
		t.Errorf("of nobody is known %v, %v", p.lacking.runs, p.services)
	}
}
