package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/fx"
)

var errBoom = errors.New("no room left")

// Misbehaviours of a hook; each test cell ends in the virtual time given.
var misbehaviours = []struct {
	name string
	do   func(release <-chan struct{}) func(context.Context) error
	cost func(budget time.Duration) time.Duration
	says string
}{
	{"error", func(<-chan struct{}) func(context.Context) error {
		return func(context.Context) error { return errBoom }
	}, nothing, "no room left"},
	{"panic", func(<-chan struct{}) func(context.Context) error {
		return func(context.Context) error { panic("out of paper") }
	}, nothing, "panic: out of paper"},
	{"goexit", func(<-chan struct{}) func(context.Context) error {
		return func(context.Context) error { goexit(); return nil }
	}, nothing, "without returning"},
	{"hang that heeds its context", func(<-chan struct{}) func(context.Context) error {
		return func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	}, whole, "budget"},
	{"hang that does not", func(release <-chan struct{}) func(context.Context) error {
		return func(context.Context) error { <-release; return nil }
	}, whole, "budget"},
}

func nothing(time.Duration) time.Duration      { return 0 }
func whole(budget time.Duration) time.Duration { return budget }

// Proves: R2, R3 and R-01: bare fx runs no stop hook after a start timeout and
// dies of a panic in a hook.
func TestStartFailureRollsBack(t *testing.T) {
	for n := 1; n <= 4; n++ {
		for bad := range n {
			for _, m := range misbehaviours {
				t.Run(fmt.Sprintf("%d of %d %s", bad+1, n, m.name), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { startFails(t, n, bad, m.do, m.cost, m.says) })
				})
			}
		}
	}
}

func startFails(t *testing.T, n, bad int, do func(<-chan struct{}) func(context.Context) error, cost func(time.Duration) time.Duration, says string) {
	release := make(chan struct{})
	j, w := &journal{}, newWorld(Options{})
	var want []string
	for i := range n {
		var start func(context.Context) error
		if i == bad {
			start = do(release)
		}
		w.service(fmt.Sprintf("s%d", i), recording(j, fmt.Sprintf("s%d", i), start, nil))
		if i <= bad {
			want = append(want, fmt.Sprintf("start s%d", i))
		}
	}
	for i := bad - 1; i >= 0; i-- {
		want = append(want, fmt.Sprintf("stop s%d", i))
	}
	begun := time.Now()
	err := fx.New(w.opts...).Start(context.Background())
	if took := time.Since(begun); took != cost(DefaultStartBudget) {
		t.Errorf("start and rollback took %s, want %s", took, cost(DefaultStartBudget))
	}
	var hook *HookError
	if !errors.As(err, &hook) || hook.Service != fmt.Sprintf("s%d", bad) || hook.Phase != Start || !strings.Contains(err.Error(), says) {
		t.Errorf("error %v, want one that blames the start of s%d and says %q", err, bad, says)
	}
	j.want(t, want...)
	for i, s := range w.sup.Snapshot() {
		wantState := map[bool]State{true: Terminated, false: New}[i < bad]
		if i == bad {
			wantState = Failed
		}
		if s.State != wantState {
			t.Errorf("%s is %s, want %s", s.Service, s.State, wantState)
		}
	}
	close(release)
	synctest.Wait()
}

// Proves: R10 and R-02: in bare fx one stop that hangs starves all the others.
func TestStopFailureDoesNotStarveTheOthers(t *testing.T) {
	for bad := range 3 {
		for _, m := range misbehaviours {
			t.Run(fmt.Sprintf("%d of 3 %s", bad+1, m.name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { stopFails(t, bad, m.do, m.cost, m.says) })
			})
		}
	}
}

func stopFails(t *testing.T, bad int, do func(<-chan struct{}) func(context.Context) error, cost func(time.Duration) time.Duration, says string) {
	release := make(chan struct{})
	j, w := &journal{}, newWorld(Options{})
	for i := range 3 {
		var stop func(context.Context) error
		if i == bad {
			stop = do(release)
		}
		w.service(fmt.Sprintf("s%d", i), recording(j, fmt.Sprintf("s%d", i), nil, stop))
	}
	app := fx.New(w.opts...)
	if err := app.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	err := app.Stop(context.Background())
	if took := time.Since(begun); took != cost(DefaultStopBudget) {
		t.Errorf("stop took %s, want %s", took, cost(DefaultStopBudget))
	}
	var hook *HookError
	if !errors.As(err, &hook) || hook.Service != fmt.Sprintf("s%d", bad) || hook.Phase != Stop || !strings.Contains(err.Error(), says) {
		t.Errorf("error %v, want one that blames the stop of s%d and says %q", err, bad, says)
	}
	j.want(t, "start s0", "start s1", "start s2", "stop s2", "stop s1", "stop s0")
	for i, s := range w.sup.Snapshot() {
		if failed := s.State == Failed; failed != (i == bad) {
			t.Errorf("%s is %s", s.Service, s.State)
		}
	}
	close(release)
	synctest.Wait()
}

// A start that succeeds after it was given up has opened what nobody would close.
func TestLateStartIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, w := &journal{}, newWorld(Options{})
		w.service("apps", recording(j, "apps", func(context.Context) error {
			<-time.After(DefaultStartBudget + 2*time.Second)
			return nil
		}, nil))
		if err := fx.New(w.opts...).Start(context.Background()); err == nil {
			t.Fatal("the start succeeded")
		}
		short, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		left := w.sup.Leftover(short)
		if len(left) != 1 || left[0].Service != "apps" || left[0].Phase != Start {
			t.Errorf("left over after 1s: %v", left)
		}
		j.want(t, "start apps")
		if left := w.sup.Leftover(context.Background()); len(left) != 0 {
			t.Errorf("left over at the end: %v", left)
		}
		j.want(t, "start apps", "stop apps")
	})
}

// Every hook passes one guard: one log line each, wherever it was appended.
func TestExactlyOneGuardPerHook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines strings.Builder
		log := slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
		j, w := &journal{}, newWorld(Options{Logger: log})
		w.service("apps", recording(j, "first", nil, nil), recording(j, "second", nil, nil))
		w.opts = append(w.opts, fx.Invoke(func(lc fx.Lifecycle) { lc.Append(recording(j, "root", nil, nil)) }))
		app := fx.New(w.opts...)
		if err := errors.Join(app.Start(context.Background()), app.Stop(context.Background())); err != nil {
			t.Fatal(err)
		}
		for service, want := range map[string]int{"apps": 4, "orchestrator": 2} {
			got := 0
			for line := range strings.Lines(lines.String()) {
				if strings.Contains(line, `"hook done"`) && strings.Contains(line, "service="+service) {
					got++
				}
			}
			if got != want {
				t.Errorf("%d guarded hooks of %s, want %d in\n%s", got, service, want, lines.String())
			}
		}
		j.want(t, "start first", "start second", "start root", "stop root", "stop second", "stop first")
	})
}

// Proves: R4, R5: a service is callable only once all its hooks have started,
// and no longer when its stop begins.
func TestGateFollowsTheState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &journal{}
		w := newWorld(Options{Gate: gateJournal{j}, OnChange: func(s Status) { j.add("%s %s", s.Service, s.State) }})
		w.service("apps", recording(j, "apps", nil, nil))
		w.service("pricing", recording(j, "pricing", nil, nil))
		app := fx.New(w.opts...)
		if err := errors.Join(app.Start(context.Background()), app.Stop(context.Background())); err != nil {
			t.Fatal(err)
		}
		j.want(t, "hold apps", "hold pricing",
			"apps Starting", "start apps", "release apps", "apps Running",
			"pricing Starting", "start pricing", "release pricing", "pricing Running",
			"pricing Stopping", "hold pricing", "stop pricing", "pricing Terminated",
			"apps Stopping", "hold apps", "stop apps", "apps Terminated")
	})
}

type gateJournal struct{ *journal }

func (g gateJournal) Hold(service string) { g.add("hold %s", service) }

func (g gateJournal) Release(service string) error {
	g.add("release %s", service)
	return nil
}

func TestFailIsFinalAndReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, reported := &journal{}, make(chan string, 1)
		w := newWorld(Options{OnFailure: func(service string, err error) { reported <- service + ": " + err.Error() }})
		w.service("apps", recording(j, "apps", nil, nil))
		app := fx.New(w.opts...)
		if err := app.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.sup.Fail("apps", errBoom)
		if got := <-reported; got != "apps: no room left" {
			t.Error(got)
		}
		if err := app.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		s := w.sup.Snapshot()[0]
		if s.State != Failed || s.Failures != 1 || !errors.Is(s.Err, errBoom) {
			t.Errorf("status %+v", s)
		}
		j.want(t, "start apps", "stop apps")
	})
}

// The context of a start ends with it, so that background work that uses it is
// noticed at once and not in production.
func TestStartContextEndsWithTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept context.Context
		j, w := &journal{}, newWorld(Options{})
		w.service("apps", recording(j, "apps", func(ctx context.Context) error { kept = ctx; return nil }, nil))
		app := fx.New(w.opts...)
		if err := app.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		if kept.Err() == nil {
			t.Error("the context of a start outlives it")
		}
		if err := app.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// The place of a panic stands in the log line of the hook, before its stack.
func TestLogOfAPanicSaysWhere(t *testing.T) {
	var text strings.Builder
	Safely(func() error { panic("out of paper") }, func(err error) {
		slog.New(slog.NewTextHandler(&text, nil)).Error("hook failed", logged(err)...)
	})
	if !strings.Contains(text.String(), `error="panic: out of paper" at=orchestrator/internal/lifecycle/lifecycle_test.go:`) {
		t.Errorf("logged %s", text.String())
	}
}
