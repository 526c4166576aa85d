package bustest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Rates are how often each fault happens, from 0 to 1; together at most 1. The rest
// of the requests pass. Of events only Drop, Refuse and their passing apply.
type Rates struct {
	// Drop loses the request: nobody serves it, and its caller waits for its deadline.
	// A dropped event reaches nobody, and its emitter learns nothing of it; if it is
	// Flushed, its emitter waits for its deadline as well.
	Drop float64
	// Lose loses the answer: the request is served, and its caller waits all the same.
	Lose float64
	// Refuse fails immediately, as when there is no connection: nobody serves the request.
	Refuse float64
	// Duplicate has the request served twice; the second answer counts.
	Duplicate float64
	// Delay holds the request back, for up to MaxDelay.
	Delay float64
	// MaxDelay bounds a delay. Default: 100 ms.
	MaxDelay time.Duration
}

// Effect is what happens to a request or an event.
type Effect string

// The effects; see Rates.
const (
	Pass      Effect = "pass"
	Drop      Effect = "drop"
	Lose      Effect = "lose"
	Refuse    Effect = "refuse"
	Duplicate Effect = "duplicate"
	Delay     Effect = "delay"
)

// Decision is what was decided for one request or event. Who sends what how often is
// all that a decision depends on besides the seed: callers that run at the same time
// do not change each other's.
type Decision struct {
	From   string // the caller, or the emitter
	Name   string // the action, or the event
	Number int    // counts the requests of this caller for this action, from 1
	Effect Effect
	Wait   time.Duration // of a Delay
}

// String is one line.
func (d Decision) String() string {
	text := fmt.Sprintf("%s %s #%d: %s", d.From, d.Name, d.Number, d.Effect)
	if d.Effect == Delay {
		text += " " + d.Wait.String()
	}
	return text
}

// Faults decides what goes wrong between the nodes of a test. The same seed decides
// the same.
type Faults struct {
	seed  uint64
	rates Rates

	mu      sync.Mutex
	streams map[stream]*draw
	made    []Decision
}

// stream is one caller's requests for one action.
type stream struct{ from, name string }

type draw struct {
	random *rand.Rand
	count  int
}

// Fault makes faults at these rates, by the seed; 0 takes one at random. If the test
// fails, it logs the seed and every decision that was not to let pass.
func Fault(t testing.TB, seed uint64, r Rates) *Faults {
	t.Helper()
	if sum := r.Drop + r.Lose + r.Refuse + r.Duplicate + r.Delay; sum > 1 || min(r.Drop, r.Lose, r.Refuse, r.Duplicate, r.Delay) < 0 {
		t.Fatalf("the rates of faults are each at least 0 and together at most 1, not %+v", r)
	}
	for seed == 0 {
		seed = rand.Uint64()
	}
	if r.MaxDelay <= 0 {
		r.MaxDelay = 100 * time.Millisecond
	}
	f := &Faults{seed: seed, rates: r, streams: map[stream]*draw{}}
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		var lines []string
		for i, d := range f.Decisions() {
			if d.Effect != Pass {
				lines = append(lines, fmt.Sprintf("  %d. %s", i+1, d))
			}
		}
		t.Logf("faults of seed %d:\n%s", f.seed, strings.Join(lines, "\n"))
	})
	return f
}

// Seed is what decides.
func (f *Faults) Seed() uint64 { return f.seed }

// Decisions are those made so far, in the order in which they were made.
func (f *Faults) Decisions() []Decision {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.made)
}

// decide makes the next decision of a stream.
func (f *Faults) decide(from, name string) Decision {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := stream{from, name}
	dice := f.streams[s]
	if dice == nil {
		h := fnv.New64a()
		_, _ = h.Write([]byte(from + " " + name)) // never fails
		dice = &draw{random: rand.New(rand.NewPCG(f.seed, h.Sum64()))}
		f.streams[s] = dice
	}
	dice.count++
	d := Decision{From: from, Name: name, Number: dice.count}
	d.Effect, d.Wait = f.rates.draw(dice.random)
	f.made = append(f.made, d)
	return d
}

// draw takes two numbers whatever they decide, so that changed rates move no other
// decision.
func (r Rates) draw(random *rand.Rand) (Effect, time.Duration) {
	x, wait := random.Float64(), time.Duration(random.Float64()*float64(r.MaxDelay))
	for _, c := range []struct {
		rate   float64
		effect Effect
	}{{r.Drop, Drop}, {r.Lose, Lose}, {r.Refuse, Refuse}, {r.Duplicate, Duplicate}, {r.Delay, Delay}} {
		if x < c.rate {
			if c.effect != Delay {
				wait = 0
			}
			return c.effect, wait
		}
		x -= c.rate
	}
	return Pass, 0
}
