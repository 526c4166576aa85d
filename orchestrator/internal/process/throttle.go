package process

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// throttleEvery is the time in which a kind of line may come throttleBurst times.
	throttleEvery = 10 * time.Second
	throttleBurst = 20
	// throttleKinds bounds how many kinds are told apart; what comes after them
	// counts as one more.
	throttleKinds = 256
)

// throttle is a slog.Handler for the log of the machinery, whose lines come from what
// others do: a flood of requests that are refused must not be a flood of lines. Of
// each kind it lets a burst through and counts the rest, which the next line of the
// kind says. What services log is theirs and does not pass here.
type throttle struct {
	slog.Handler

	kinds *kinds
}

func newThrottle(h slog.Handler) throttle {
	return throttle{Handler: h, kinds: &kinds{all: map[string]*kind{}}}
}

// kinds are what a throttle and those derived from it share.
type kinds struct {
	dropped atomic.Uint64

	mu  sync.Mutex
	all map[string]*kind
}

type kind struct {
	since         time.Time
	lines, missed uint64
}

// Handle implements slog.Handler.
func (t throttle) Handle(ctx context.Context, r slog.Record) error {
	missed, pass := t.kinds.pass(kindOf(r), time.Now())
	if !pass {
		t.kinds.dropped.Add(1)
		return nil
	}
	if missed > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Uint64("suppressed", missed))
	}
	return t.Handler.Handle(ctx, r)
}

// pass decides over one line of a kind. missed is how many were not let through
// since the last one that was.
func (k *kinds) pass(name string, now time.Time) (missed uint64, pass bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	one, known := k.all[name]
	if !known {
		if len(k.all) >= throttleKinds {
			name = ""
		}
		if one = k.all[name]; one == nil {
			one = &kind{since: now}
			k.all[name] = one
		}
	}
	if now.Sub(one.since) >= throttleEvery {
		one.since, one.lines = now, 0
	}
	if one.lines >= throttleBurst {
		one.missed++
		return 0, false
	}
	one.lines++
	missed, one.missed = one.missed, 0
	return missed, true
}

// kindOf is what lines of one kind have in common: the words that the text begins
// with, without the figures that a library writes into it, and whose they are.
func kindOf(r slog.Record) string {
	const enough = 48
	var b strings.Builder
	for _, c := range r.Message[:min(len(r.Message), enough)] {
		if c < '0' || c > '9' {
			b.WriteRune(c)
		}
	}
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "service", "action", "event", "subscriber":
			b.WriteString("|" + a.Value.String())
		}
		return true
	})
	return b.String()
}

// WithAttrs implements slog.Handler.
func (t throttle) WithAttrs(attrs []slog.Attr) slog.Handler {
	return throttle{t.Handler.WithAttrs(attrs), t.kinds}
}

// WithGroup implements slog.Handler.
func (t throttle) WithGroup(name string) slog.Handler {
	return throttle{t.Handler.WithGroup(name), t.kinds}
}
