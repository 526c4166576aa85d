package breaker

import (
	"math"
	"testing"
	"time"
)

// What ended longer ago than the window says nothing.
func TestBreakerForgets(t *testing.T) {
	b := New(Limits{FailureRatio: 0.5, MinRequests: 4, Window: 10 * time.Second, OpenFor: time.Second, Probes: 1})
	at := int64(0)
	end := func(o Symptom) {
		p, ok, _ := b.Allow(at)
		if !ok {
			t.Fatal("it is open")
		}
		b.Done(p, o, at)
	}
	for range 3 {
		end(Failure)
	}
	at += int64(10 * time.Second)
	end(Failure)
	if b.Phase().State() != Closed {
		t.Error("three failures of ten seconds ago and one are enough")
	}
	for range 3 {
		end(Failure)
	}
	if b.Phase().State() != Open {
		t.Error("four failures are not enough")
	}
}

// A breaker that closes has forgotten what opened it, and what began before.
func TestBreakerBeginsAnewWhenItCloses(t *testing.T) {
	b := New(Limits{FailureRatio: 0.5, MinRequests: 4, Window: time.Minute, OpenFor: time.Second, Probes: 1})
	late, _, _ := b.Allow(0)
	for range 4 {
		p, _, _ := b.Allow(0)
		b.Done(p, Failure, 0)
	}
	now := int64(time.Second)
	probe, ok, _ := b.Allow(now)
	if !ok || b.Done(probe, Success, now) == 0 || b.Phase().State() != Closed {
		t.Fatal("a probe that succeeds does not close it")
	}
	b.Done(late, Failure, now)
	if all, _ := b.window.sum(now); all != 0 {
		t.Errorf("%d calls count that began before it closed", all)
	}
	for range 3 {
		p, _, _ := b.Allow(now)
		b.Done(p, Failure, now)
	}
	if b.Phase().State() != Closed {
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

// One that is open for longer than there is time is open for ever.
func TestBreakerIsOpenForAges(t *testing.T) {
	b := New(Limits{FailureRatio: 0.5, MinRequests: 1, Window: time.Second, OpenFor: math.MaxInt64, Probes: 1})
	b.Done(b.Phase(), Failure, 1)
	if p, ok, _ := b.Allow(2); ok {
		t.Errorf("it lets a call through in state %d", p.State())
	}
}
