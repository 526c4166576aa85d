package lifecycle

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/fx"
)

// journal is the order in which things happened.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

func (j *journal) want(t *testing.T, lines ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Equal(j.lines, lines) {
		t.Errorf("happened:\n  %s\nwant:\n  %s", strings.Join(j.lines, "\n  "), strings.Join(lines, "\n  "))
	}
}

// recording is a hook that writes into the journal and then does what it is told.
func recording(j *journal, name string, start, stop func(context.Context) error) fx.Hook {
	step := func(what string, f func(context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error {
			j.add("%s %s", what, name)
			if f == nil {
				return nil
			}
			return f(ctx)
		}
	}
	return fx.Hook{OnStart: step("start", start), OnStop: step("stop", stop)}
}

// world is an fx application of services that are hooks only.
type world struct {
	sup  *Supervisor
	opts []fx.Option
}

func newWorld(o Options) *world {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	w := &world{sup: NewSupervisor(o)}
	w.opts = []fx.Option{fx.NopLogger, fx.Supply(w.sup), fx.Decorate(func(lc fx.Lifecycle) fx.Lifecycle {
		return w.sup.Guard("orchestrator", Budgets{}, lc)
	})}
	return w
}

func (w *world) service(name string, hooks ...fx.Hook) {
	w.sup.Add(name)
	w.opts = append(w.opts, fx.Module(name,
		fx.Decorate(func(lc fx.Lifecycle) fx.Lifecycle { return w.sup.Guard(name, Budgets{}, lc) }),
		fx.Invoke(func(lc fx.Lifecycle) {
			for _, h := range hooks {
				lc.Append(h)
			}
		})))
}

func (w *world) states() string {
	var all []string
	for _, s := range w.sup.Snapshot() {
		all = append(all, s.Service+"="+s.State.String())
	}
	return strings.Join(all, " ")
}
