package bustest

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Result is how a Trial went.
type Result struct {
	Failed  bool
	Skipped bool
	// Log is what was logged or reported, one entry for each call.
	Log []string
}

// String is the log, one entry after the other.
func (r Result) String() string { return strings.Join(r.Log, "\n") }

// Trial runs body as a test runs it: on a goroutine of its own, which Fatal and
// Skip end, with the cleanups after it. A panic is a failure. It is for the places
// that have no test, such as an Example, and for tests of checks that should fail.
func Trial(body func(t testing.TB)) Result {
	ctx, cancel := context.WithCancel(context.Background())
	t := &trial{ctx: ctx}
	t.run(func() { body(t) })
	cancel()
	for {
		last, ok := t.next()
		if !ok {
			break
		}
		t.run(last)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return Result{Failed: t.failed, Skipped: t.skipped, Log: slices.Clone(t.log)}
}

// trial is a testing.TB that nobody but Trial knows of. The interface it embeds
// is nil, and only there because it has a method that nobody else can have.
type trial struct {
	testing.TB

	ctx context.Context

	mu              sync.Mutex
	failed, skipped bool
	log             []string
	cleanups        []func()
}

// run waits for f, however it ends.
func (t *trial) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if cause := recover(); cause != nil {
				t.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
		}()
		f()
	}()
	<-done
}

// next takes the cleanup that was registered last.
func (t *trial) next() (func(), bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := len(t.cleanups) - 1
	if last < 0 {
		return nil, false
	}
	f := t.cleanups[last]
	t.cleanups = t.cleanups[:last]
	return f, true
}

func (t *trial) add(entry string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log = append(t.log, entry)
}

func (t *trial) mark(flag *bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*flag = true
}

func (t *trial) is(flag *bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return *flag
}

func (t *trial) Cleanup(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cleanups = append(t.cleanups, f)
}

func (t *trial) Name() string             { return "Trial" }
func (t *trial) Helper()                  {}
func (t *trial) Context() context.Context { return t.ctx }
func (t *trial) Failed() bool             { return t.is(&t.failed) }
func (t *trial) Skipped() bool            { return t.is(&t.skipped) }
func (t *trial) Fail()                    { t.mark(&t.failed) }

func (t *trial) FailNow() {
	t.Fail()
	runtime.Goexit()
}

func (t *trial) SkipNow() {
	t.mark(&t.skipped)
	runtime.Goexit()
}

func (t *trial) Log(args ...any)                 { t.add(strings.TrimSuffix(fmt.Sprintln(args...), "\n")) }
func (t *trial) Logf(format string, args ...any) { t.add(fmt.Sprintf(format, args...)) }

func (t *trial) Error(args ...any) {
	t.Log(args...)
	t.Fail()
}

func (t *trial) Errorf(format string, args ...any) {
	t.Logf(format, args...)
	t.Fail()
}

func (t *trial) Fatal(args ...any) {
	t.Log(args...)
	t.FailNow()
}

func (t *trial) Fatalf(format string, args ...any) {
	t.Logf(format, args...)
	t.FailNow()
}

func (t *trial) Skip(args ...any) {
	t.Log(args...)
	t.SkipNow()
}

func (t *trial) Skipf(format string, args ...any) {
	t.Logf(format, args...)
	t.SkipNow()
}

// TempDir makes a folder that is removed when the trial ends.
func (t *trial) TempDir() string {
	dir, err := os.MkdirTemp("", "trial")
	if err != nil {
		t.Fatalf("making a temporary folder: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("removing a temporary folder: %v", err)
		}
	})
	return dir
}
