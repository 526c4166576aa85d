package bustest

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// Logger writes to the log of t, all levels, without the time. What is written
// after the test has ended is dropped.
func Logger(t testing.TB) *slog.Logger {
	w := &testLog{t: t}
	t.Cleanup(w.end)
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// testLog writes lines to a test while it runs: package testing panics for what
// comes later.
type testLog struct {
	mu sync.Mutex
	t  testing.TB // nil when the test is over
}

// Write gives one record to the test.
func (w *testLog) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.t != nil {
		w.t.Log(strings.TrimSuffix(string(line), "\n"))
	}
	return len(line), nil
}

func (w *testLog) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.t = nil
}
