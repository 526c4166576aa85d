package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/fx"
)

// A signal during the start: bare fx would either die of it or, with its
// context cancelled, run no stop hook at all.
func TestAbortDuringStartRollsBackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		abort, cancel := context.WithCancelCause(context.Background())
		j, w := &journal{}, newWorld(Options{Abort: abort})
		release := make(chan struct{})
		w.service("apps", recording(j, "apps", nil, nil))
		w.service("pricing", recording(j, "pricing", func(context.Context) error { <-release; return nil }, nil))
		w.service("payments", recording(j, "payments", nil, nil))
		time.AfterFunc(3*time.Second, func() { cancel(errors.New("received SIGTERM")) })
		begun := time.Now()
		err := fx.New(w.opts...).Start(context.Background())
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("took %s, want 3s", took)
		}
		var aborted *AbortError
		if !errors.As(err, &aborted) || !strings.Contains(err.Error(), `"pricing"`) || !strings.Contains(err.Error(), "received SIGTERM") {
			t.Errorf("error %v", err)
		}
		j.want(t, "start apps", "start pricing", "stop apps")
		if got := w.states(); got != "apps=Terminated pricing=Failed payments=New" {
			t.Error(got)
		}
		close(release)
		synctest.Wait()
		j.want(t, "start apps", "start pricing", "stop apps", "stop pricing")
		if left := w.sup.Leftover(context.Background()); len(left) != 0 {
			t.Errorf("left over: %v", left)
		}
	})
}

func TestAbortBetweenServicesBlamesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		abort, cancel := context.WithCancelCause(context.Background())
		j, w := &journal{}, newWorld(Options{Abort: abort})
		w.service("apps", recording(j, "apps", nil, nil))
		w.service("pricing", recording(j, "pricing", func(context.Context) error {
			cancel(errors.New("received SIGINT"))
			return nil
		}, nil))
		w.service("payments", recording(j, "payments", nil, nil))
		err := fx.New(w.opts...).Start(context.Background())
		var hook *HookError
		if err == nil || (errors.As(err, &hook) && hook.Service == "payments") {
			t.Errorf("error %v must not blame payments", err)
		}
		if got := w.states(); !strings.HasSuffix(got, "payments=New") {
			t.Error(got)
		}
		synctest.Wait()
	})
}

// A constructor that hangs is given up when its budget is spent, which is a start's and
// at least the default, or when the start is called off; it is named, and what it makes
// later is not waited for.
func TestConstructorsHaveABudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		abort, callOff := context.WithCancelCause(t.Context())
		s := NewSupervisor(Options{Abort: abort, Logger: slog.New(slog.NewTextHandler(&text, nil))})
		release := make(chan struct{})
		hang := func() error { <-release; return nil }
		for given, want := range map[time.Duration]time.Duration{0: DefaultStartBudget, time.Second: DefaultStartBudget, time.Minute: time.Minute} {
			begun := time.Now()
			err := s.Construct("pricing", Budgets{Start: given}, hang)
			if spent, ok := errors.AsType[*BudgetError](err); !ok || spent.Phase != Construct || time.Since(begun) != want {
				t.Errorf("%s: %v after %s", given, err, time.Since(begun))
			}
		}
		if !strings.Contains(text.String(), "service=pricing phase=construct took=10s") {
			t.Errorf("the log does not name it:\n%s", &text)
		}
		time.AfterFunc(time.Second, func() { callOff(errors.New("received SIGTERM")) })
		if err := s.Construct("pricing", Budgets{}, hang); err == nil || !strings.Contains(err.Error(), "received SIGTERM") {
			t.Errorf("called off: %v", err)
		}
		close(release)
	})
}
