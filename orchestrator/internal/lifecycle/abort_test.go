package lifecycle

import (
	"context"
	"errors"
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
