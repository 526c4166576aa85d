package breaker

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// model is a breaker as slow and plain as it can be.
type model struct {
	p       Limits
	state   State
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

func (m *model) begin(s State) { m.state, m.era = s, m.era+1 }

func (m *model) allow(now int64) bool {
	if m.state == Open && now >= m.until {
		m.begin(HalfOpen)
		m.probing, m.passed = 0, 0
	}
	if m.state == HalfOpen && m.probing+m.passed < m.p.Probes {
		m.probing++
		return true
	}
	return m.state == Closed
}

func (m *model) done(era int, o Symptom, now int64) {
	if era != m.era {
		return
	}
	if m.state == HalfOpen {
		m.probed(o, now)
		return
	}
	if o == Nothing {
		return
	}
	m.ended = append(m.ended, ended{now, o == Failure})
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
	if o == Failure && all >= m.p.MinRequests && float64(failed) >= m.p.FailureRatio*float64(all) {
		m.open(now)
	}
}

func (m *model) probed(o Symptom, now int64) {
	m.probing--
	switch o {
	case Failure:
		m.open(now)
	case Success:
		if m.passed++; m.passed == m.p.Probes {
			m.begin(Closed)
			m.ended = nil
		}
	case Nothing:
	}
}

func (m *model) open(now int64) {
	m.begin(Open)
	m.until = now + int64(m.p.OpenFor)
}

// Calls begin and end in any order, at any time, and the breaker is always in the
// state of its model: what an earlier state let through moves no later one, and
// a half-open one never has more probes than it may.
func TestBreakerIsItsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Limits{
			FailureRatio: rapid.SampledFrom([]float64{0.01, 0.3, 0.5, 1}).Draw(t, "ratio"),
			MinRequests:  rapid.IntRange(1, 6).Draw(t, "min"),
			Window:       time.Duration(rapid.Int64Range(10, 200).Draw(t, "window")),
			OpenFor:      time.Duration(rapid.Int64Range(1, 50).Draw(t, "open")),
			Probes:       rapid.IntRange(1, 3).Draw(t, "probes"),
		}
		type running struct {
			phase Phase
			era   int
		}
		b, m := New(p), &model{p: p}
		var calls []running
		now := int64(0)
		same := func(t *rapid.T) {
			if b.Phase().State() != m.state || b.probing != m.probing && m.state == HalfOpen {
				t.Fatalf("it is in state %d with %d probes, its model in %d with %d", b.Phase().State(), b.probing, m.state, m.probing)
			}
			if m.state == HalfOpen && b.probing > p.Probes {
				t.Fatalf("%d probes of %d", b.probing, p.Probes)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"":     same,
			"pass": func(t *rapid.T) { now += rapid.Int64Range(0, 60).Draw(t, "time") },
			"begin": func(t *rapid.T) {
				phase, ok, _ := b.Allow(now)
				if want := m.allow(now); ok != want {
					t.Fatalf("lets through: %v, its model: %v", ok, want)
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
				o := rapid.SampledFrom([]Symptom{Nothing, Success, Failure, Failure}).Draw(t, "outcome")
				before := m.state
				begun := b.Done(calls[i].phase, o, now)
				m.done(calls[i].era, o, now)
				if (begun != 0) != (m.state != before) {
					t.Fatalf("says that it began %d, from %d to %d", begun, before, m.state)
				}
				calls = append(calls[:i], calls[i+1:]...)
			},
		})
	})
}
