package servicetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.uber.org/fx"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/host"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// leftoverGrace is how long hooks that were given up may take to come to an end.
const leftoverGrace = time.Second

// life is one service under the same supervision as in a process.
type life struct {
	name string
	sup  *lifecycle.Supervisor
	app  *fx.App

	mu       sync.Mutex
	failures []error
	ended    bool
}

// newLife constructs the service. Nothing is started.
func newLife(d service.Definition, o *options, log *slog.Logger) (*life, error) {
	settings, err := d.Configure(func(into any) error { return o.settings(d.Name, into) })
	if err != nil {
		return nil, fmt.Errorf("the settings of the service %s are refused: %w", d.Name, err)
	}
	l := &life{name: d.Name}
	l.sup = lifecycle.NewSupervisor(lifecycle.Options{
		Logger: log, Gate: o.node, OnFailure: l.failed, StopBase: bus.WhileDraining(context.Background()),
	})
	l.sup.Add(d.Name)
	l.app = fx.New(fx.NopLogger, fx.RecoverFromPanics(), d, fx.Supply(&host.Host{
		Node: o.node, Supervisor: l.sup, Logger: log, Environment: string(o.environment),
		Plugins: o.plugins, Settings: map[string]any{d.Name: settings},
	}))
	if err := l.app.Err(); err != nil {
		return nil, err
	}
	if err := o.node.Check(); err != nil {
		return nil, fmt.Errorf("the bus was wired wrongly: %w", err)
	}
	return l, nil
}

// start runs the start hooks. The guards bound them, not this context.
func (l *life) start() error { return l.app.Start(context.Background()) }

// stop runs the stop hooks, once, and reports all that went wrong since the start.
func (l *life) stop() error {
	l.mu.Lock()
	already := l.ended
	l.ended = true
	l.mu.Unlock()
	if already {
		return nil
	}
	err := l.app.Stop(context.Background())
	ctx, cancel := context.WithTimeout(context.Background(), leftoverGrace)
	defer cancel()
	for _, left := range l.sup.Leftover(ctx) {
		err = errors.Join(err, fmt.Errorf("its %s was given up and still runs", left.Phase))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(append(l.failures, err)...)
}

// failed is told of a goroutine that ended as it should not.
func (l *life) failed(_ string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures = append(l.failures, err)
}

// state is where the service is in its life.
func (l *life) state() lifecycle.Status { return l.sup.Snapshot()[0] }
