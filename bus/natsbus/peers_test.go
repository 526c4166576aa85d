package natsbus

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

func nodesOf(peers []bus.Peer) []string {
	ids := []string{}
	for _, p := range peers {
		ids = append(ids, p.Node)
	}
	slices.Sort(ids)
	return ids
}

// Proves: B15 (who is not heard of for the timeout is lost, and nobody before).
func TestPeersExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeers(15 * time.Second)
		hear := func(id string, every time.Duration) bool {
			_, what := p.hear(beat{Node: id, Run: id, EveryMS: every.Milliseconds()}, time.Now())
			return what == joined
		}
		if !hear("a", 5*time.Second) || !hear("b", 5*time.Second) || !hear("seldom", time.Minute) || hear("a", 5*time.Second) {
			t.Error("a node joins with its first beat, once")
		}
		<-time.After(10 * time.Second)
		hear("a", 5*time.Second)
		<-time.After(5*time.Second - 1)
		if lost := p.expire(time.Now()); len(lost) != 0 {
			t.Errorf("lost too early: %v", nodesOf(lost))
		}
		if at := p.next(time.Now().Add(time.Hour)); time.Until(at) != 1 {
			t.Errorf("the next one expires in %s", time.Until(at))
		}
		<-time.After(1)
		if lost := nodesOf(p.expire(time.Now())); !slices.Equal(lost, []string{"b"}) {
			t.Errorf("lost %v", lost)
		}
		// This process is stopped for an hour: what it did not hear says nothing.
		<-time.After(time.Hour)
		p.spare(time.Now())
		if lost := p.expire(time.Now()); len(lost) != 0 {
			t.Errorf("lost while nobody listened: %v", nodesOf(lost))
		}
		<-time.After(15 * time.Second)
		if lost := nodesOf(p.expire(time.Now())); !slices.Equal(lost, []string{"a"}) {
			t.Errorf("lost %v", lost)
		}
		if _, known := p.leave("seldom", time.Now()); !known {
			t.Error("who says goodbye was not known")
		}
		if _, known := p.leave("seldom", time.Now()); known || len(p.list()) != 0 {
			t.Error("who said goodbye is still known")
		}
		// What it had said before may come late, and so may its goodbye come first.
		if hear("seldom", time.Second) {
			t.Error("who said goodbye is back")
		}
		<-time.After(15 * time.Second)
		p.expire(time.Now())
		if len(p.gone) != 0 {
			t.Error("goodbyes are remembered for ever")
		}
	})
}

func TestPeersAreBounded(t *testing.T) {
	p := newPeers(time.Minute)
	for i := range maxPeers + 10 {
		p.hear(beat{Node: "n", Run: fmt.Sprint("r", i)}, time.Now())
	}
	if n := len(p.list()); n != maxPeers {
		t.Errorf("%d are kept", n)
	}
	if _, what := p.hear(beat{Node: "n", Run: "r1"}, time.Now()); what != nothingNew {
		t.Error("a known one joins again")
	}
	for i := range maxPeers + 10 {
		p.leave(fmt.Sprint("g", i), time.Now())
	}
	if n := len(p.gone); n != maxPeers {
		t.Errorf("%d goodbyes are kept", n)
	}
}

func TestListedPeersShareNoMemory(t *testing.T) {
	p := newPeers(time.Minute)
	p.hear(beat{Node: "n", Run: "r", Services: []string{"pricing"}}, time.Now())
	p.list()[0].Services[0] = "other"
	if got := p.list()[0].Services[0]; got != "pricing" {
		t.Errorf("the list was changed through a copy: %s", got)
	}
}

func TestMalformedBeatsAreNone(t *testing.T) {
	for _, bad := range []string{
		"", "null", "[]", "{", `{"node":"a"}`, `{"node":"a b","run":"r"}`, `{"node":"a","run":"*"}`, `{"node":"a","run":"r","services":["x.y"]}`,
		`{"node":"a","run":"r","services":["` + strings.Repeat(`a","`, maxBeatServices) + `a"]}`,
		`{"node":"a","run":"r","services":["` + strings.Repeat(" ", maxBeat) + `"]}`,
	} {
		if b, err := parseBeat([]byte(bad)); err == nil {
			t.Errorf("%.40q is %+v", bad, b)
		}
	}
	b, err := parseBeat([]byte(`{"node":"a","run":"r","services":["pricing"],"everyMs":9000000000,"later":1}`))
	if err != nil || b.every() != longestBeat {
		t.Errorf("%+v, %v", b, err)
	}
	if b := (beat{EveryMS: -1}); b.every() != longestBeat {
		t.Errorf("every %s", b.every())
	}
}
