package bus

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Proves: B18
func TestBreakerIsOffUnlessBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, log := quietNode(t, Options{})
		a := echo("alpha.sick")
		calls, sick := 0, true
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			if calls++; sick {
				return pong{}, away()
			}
			return pong{}, nil
		})
		view := n.View("test")
		for range 100 {
			_, _ = a.Call(t.Context(), view, ping{})
		}
		if calls != 100 {
			t.Errorf("without the policy %d of 100 calls came through", calls)
		}
		guarded := a.With(Breaker(BreakerPolicy{MinRequests: 10, OpenFor: time.Minute}))
		for range 100 {
			_, _ = guarded.Call(t.Context(), view, ping{})
		}
		if calls != 110 {
			t.Errorf("with the policy %d of 100 calls came through, want 10", calls-100)
		}
		_, err := guarded.Call(t.Context(), view, ping{})
		var e *Error
		if !errors.Is(err, ErrBreakerOpen) || !errors.As(err, &e) || e.Code != Unavailable || e.Service != "alpha" || e.Action != "alpha.sick" {
			t.Errorf("an open breaker answers %v", err)
		}
		if s := n.PolicyStats()[0].Breaker; s.State != BreakerOpen || s.Opened != 1 || s.Rejected != 91 {
			t.Errorf("counted %+v", s)
		}
		<-time.After(time.Minute)
		sick = false
		for range 5 {
			if _, err := guarded.Call(t.Context(), view, ping{}); err != nil {
				t.Errorf("after it has recovered: %v", err)
			}
		}
		if s := n.PolicyStats()[0].Breaker; s.State != BreakerClosed || !strings.Contains(log.String(), "breaker opened") || !strings.Contains(log.String(), "breaker closed") {
			t.Errorf("it is %s, and the log says %q", s.State, log)
		}
		if got := codes(n, "alpha.sick", "test"); got["unavailable"] != 201 || got["ok"] != 5 {
			t.Errorf("counted %v: a refusal is an outcome of the action", got)
		}
	})
}

func TestBreakerCountsWhatSaysThatTheCalleeIsSick(t *testing.T) {
	for code := range Code(NumCodes) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.code")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) {
			if code == OK {
				return pong{}, nil
			}
			return pong{}, Errorf(code, "as asked")
		})
		guarded := a.With(Breaker(BreakerPolicy{MinRequests: 1}))
		for range 2 {
			_, _ = guarded.Call(t.Context(), n.View("test"), ping{})
		}
		opens := code == Unavailable || code == DeadlineExceeded || code == Internal || code == ResourceExhausted
		if got := n.PolicyStats()[0].Breaker.State == BreakerOpen; got != opens {
			t.Errorf("%s opens: %v, want %v", code, got, opens)
		}
	}
}

// A handler that panics or ends its goroutine gives its probe back.
func TestBreakerSurvivesHandlersThatDoNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.gone")
		how := func() { panic("boom") }
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { how(); return pong{}, nil })
		guarded := a.With(Breaker(BreakerPolicy{MinRequests: 1, OpenFor: time.Second}), Bulkhead(BulkheadPolicy{Concurrency: 1}))
		call := func() (err error) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, err = guarded.Call(t.Context(), n.View("test"), ping{})
			}()
			<-done
			return err
		}
		if err := call(); CodeOf(err) != Internal {
			t.Error(err)
		}
		<-time.After(time.Second)
		how = runtime.Goexit
		_ = call()
		if s := n.PolicyStats()[0].Breaker; s.State != BreakerOpen || s.Opened != 2 {
			t.Errorf("a probe that never returned: %+v", s)
		}
		<-time.After(time.Second)
		how = func() {}
		if err := call(); err != nil {
			t.Errorf("after both: %v", err)
		}
	})
}

// What ended longer ago than the window says nothing.
func TestBreakerForgets(t *testing.T) {
	b := newBreaker(Breaker(BreakerPolicy{MinRequests: 4, Window: 10 * time.Second}).breaker)
	at := int64(0)
	end := func(o symptom) {
		p, ok := b.admit(at)
		if !ok {
			t.Fatal("it is open")
		}
		b.done(p, o, at)
	}
	for range 3 {
		end(failure)
	}
	at += int64(10 * time.Second)
	end(failure)
	if b.now().state() != BreakerClosed {
		t.Error("three failures of ten seconds ago and one are enough")
	}
	for range 3 {
		end(failure)
	}
	if b.now().state() != BreakerOpen {
		t.Error("four failures are not enough")
	}
}

// model is a breaker as slow and plain as it can be.
type model struct {
	p       BreakerPolicy
	state   BreakerState
	era     int
	until   int64
	probing int
	passed  int
	ended   []ended
}

type ended struct {
	at     int64
	failed bool
}

func (m *model) enter(s BreakerState) { m.state, m.era = s, m.era+1 }

func (m *model) admit(now int64) bool {
	if m.state == BreakerOpen && now >= m.until {
		m.enter(BreakerHalfOpen)
		m.probing, m.passed = 0, 0
	}
	if m.state == BreakerHalfOpen && m.probing+m.passed < m.p.Probes {
		m.probing++
		return true
	}
	return m.state == BreakerClosed
}

func (m *model) done(era int, o symptom, now int64) {
	if era != m.era {
		return
	}
	if m.state == BreakerHalfOpen {
		m.probed(o, now)
		return
	}
	if o == nothing {
		return
	}
	m.ended = append(m.ended, ended{now, o == failure})
	width, all, failed := int64(m.p.Window)/tenths, 0, 0
	for _, e := range m.ended {
		if e.at/width <= now/width-tenths {
			continue
		}
		all++
		if e.failed {
			failed++
		}
	}
	if o == failure && all >= m.p.MinRequests && float64(failed) >= m.p.FailureRatio*float64(all) {
		m.open(now)
	}
}

func (m *model) probed(o symptom, now int64) {
	m.probing--
	switch o {
	case failure:
		m.open(now)
	case success:
		if m.passed++; m.passed == m.p.Probes {
			m.enter(BreakerClosed)
			m.ended = nil
		}
	case nothing:
	}
}

func (m *model) open(now int64) {
	m.enter(BreakerOpen)
	m.until = now + int64(m.p.OpenFor)
}

// Calls begin and end in any order, at any time, and the breaker is always in the
// state of its model: what an earlier state let through moves no later one, and
// a half-open one never has more probes than it may.
func TestBreakerIsItsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Breaker(BreakerPolicy{
			FailureRatio: rapid.SampledFrom([]float64{0.01, 0.3, 0.5, 1}).Draw(t, "ratio"),
			MinRequests:  rapid.IntRange(1, 6).Draw(t, "min"),
			Window:       time.Duration(rapid.Int64Range(10, 200).Draw(t, "window")),
			OpenFor:      time.Duration(rapid.Int64Range(1, 50).Draw(t, "open")),
			Probes:       rapid.IntRange(1, 3).Draw(t, "probes"),
		}).breaker
		type running struct {
			phase phase
			era   int
		}
		b, m := newBreaker(p), &model{p: *p}
		var calls []running
		now := int64(0)
		same := func(t *rapid.T) {
			if b.now().state() != m.state || b.probing != m.probing && m.state == BreakerHalfOpen {
				t.Fatalf("it is %s with %d probes, its model %s with %d", b.now().state(), b.probing, m.state, m.probing)
			}
			if m.state == BreakerHalfOpen && b.probing > p.Probes {
				t.Fatalf("%d probes of %d", b.probing, p.Probes)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"":     same,
			"pass": func(t *rapid.T) { now += rapid.Int64Range(0, 60).Draw(t, "time") },
			"begin": func(t *rapid.T) {
				phase, ok := b.admit(now)
				if want := m.admit(now); ok != want {
					t.Fatalf("admits: %v, its model: %v", ok, want)
				}
				if ok {
					calls = append(calls, running{phase, m.era})
				}
			},
			"end": func(t *rapid.T) {
				if len(calls) == 0 {
					t.Skip("none is running")
				}
				i := rapid.IntRange(0, len(calls)-1).Draw(t, "which")
				o := rapid.SampledFrom([]symptom{nothing, success, failure, failure}).Draw(t, "outcome")
				before := m.state
				changed := b.done(calls[i].phase, o, now)
				m.done(calls[i].era, o, now)
				if changed != (m.state != before) {
					t.Fatalf("says that it changed: %v, from %s to %s", changed, before, m.state)
				}
				calls = append(calls[:i], calls[i+1:]...)
			},
		})
	})
}

// A breaker that closes has forgotten what opened it, and what began before.
func TestBreakerBeginsAnewWhenItCloses(t *testing.T) {
	b := newBreaker(Breaker(BreakerPolicy{MinRequests: 4, Window: time.Minute, OpenFor: time.Second}).breaker)
	late, _ := b.admit(0)
	for range 4 {
		p, _ := b.admit(0)
		b.done(p, failure, 0)
	}
	now := int64(time.Second)
	probe, ok := b.admit(now)
	if !ok || !b.done(probe, success, now) || b.now().state() != BreakerClosed {
		t.Fatal("a probe that succeeds does not close it")
	}
	b.done(late, failure, now)
	if all, _ := b.window.sum(now); all != 0 {
		t.Errorf("%d calls count that began before it closed", all)
	}
	for range 3 {
		p, _ := b.admit(now)
		b.done(p, failure, now)
	}
	if b.now().state() != BreakerClosed {
		t.Error("three failures after it closed are enough to open it")
	}
}

func TestWindowRollsOnInTenths(t *testing.T) {
	w := newWindow(10 * time.Second)
	w.add(0, true)
	w.add(int64(1500*time.Millisecond), false)
	for after, want := range map[time.Duration][2]uint64{
		1500 * time.Millisecond: {2, 1}, 9999 * time.Millisecond: {2, 1},
		10 * time.Second: {1, 0}, 10999 * time.Millisecond: {1, 0}, 11 * time.Second: {0, 0},
	} {
		if all, failed := w.sum(int64(after)); all != want[0] || failed != want[1] {
			t.Errorf("after %s: %d, %d failed; want %v", after, all, failed, want)
		}
	}
}

// A probe that does not get a place has proved nothing, and another may go.
func TestBulkheadGivesTheProbeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.sick")
		a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
			<-time.After(time.Duration(req.N) * time.Second)
			if req.N == 0 {
				return pong{}, away()
			}
			return pong{}, nil
		})
		view, one := n.View("test"), Bulkhead(BulkheadPolicy{Concurrency: 1})
		busy, guarded := a.With(one), a.With(one, Breaker(BreakerPolicy{MinRequests: 1, OpenFor: time.Second}))
		_, _ = guarded.Call(t.Context(), view, ping{0})
		var other sync.WaitGroup
		other.Go(func() { _, _ = busy.Call(t.Context(), view, ping{2}) })
		<-time.After(time.Second)
		if _, err := guarded.Call(t.Context(), view, ping{1}); !errors.Is(err, ErrBulkheadFull) {
			t.Errorf("the probe: %v", err)
		}
		other.Wait()
		if _, err := guarded.Call(t.Context(), view, ping{1}); err != nil {
			t.Errorf("the next probe: %v", err)
		}
	})
}
