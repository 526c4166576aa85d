package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"go.uber.org/fx"

	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
)

// Group is a service's goroutines. It is safe for concurrent use.
type Group struct {
	log  *slog.Logger
	fail func(error)
	ctx  context.Context
	end  context.CancelFunc

	mu     sync.Mutex
	phase  phase
	queued []task
	// running counts goroutines by name.
	running map[string]int
	// idle is closed when the group has ended and nothing runs any more.
	idle   chan struct{}
	failed []error
}

// phase is how a group treats what it is given.
type phase uint8

const (
	queueing  phase = iota // kept until the service has started
	launching              // begun at once
	ended                  // refused
)

type task struct {
	name string
	run  func(ctx context.Context) error
}

func newGroup(log *slog.Logger, fail func(error)) *Group {
	ctx, end := context.WithCancel(context.Background())
	return &Group{log: log, fail: fail, ctx: ctx, end: end, running: map[string]int{}, idle: make(chan struct{})}
}

// NewGroup makes a group that runs what it is given at once, for tests and
// programs without a process around the service. End it with Stop. A nil logger
// is slog.Default.
func NewGroup(log *slog.Logger) *Group {
	if log == nil {
		log = slog.Default()
	}
	g := newGroup(log, nil)
	g.fail = func(err error) { log.Error("goroutine failed", "error", err) }
	g.phase = launching
	return g
}

// Go runs a function on a goroutine that is waited for when the service stops.
// In a constructor it only notes the function: it runs once the service has
// started. The context ends when the service stops; run must return then, and
// what it returns then is only logged. A panic, or an error before the stop,
// stops the whole process gracefully, with exit code 1; nil means that the work
// is done. The name is for logs and errors. After the stop, Go logs a warning
// and runs nothing.
func (g *Group) Go(name string, run func(ctx context.Context) error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch g.phase {
	case queueing:
		g.queued = append(g.queued, task{name, run})
	case launching:
		g.launch(task{name, run})
	case ended:
		g.log.Warn("goroutine not started, because the service is stopping", "goroutine", name)
	}
}

// launch needs g.mu.
func (g *Group) launch(t task) {
	g.running[t.name]++
	go lifecycle.Safely(func() error { return t.run(g.ctx) }, func(err error) { g.done(t.name, err) })
}

func (g *Group) done(name string, err error) {
	if err != nil {
		g.judge(fmt.Errorf("goroutine %q: %w", name, err))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running[name]--; g.running[name] == 0 {
		delete(g.running, name)
	}
	g.closeIfIdle()
}

// judge decides what an error means: before the stop it is a failure; after it,
// only a panic is.
func (g *Group) judge(err error) {
	var p *lifecycle.PanicError
	if g.ctx.Err() == nil || errors.As(err, &p) {
		g.mu.Lock()
		g.failed = append(g.failed, err)
		g.mu.Unlock()
		g.fail(err)
		return
	}
	if !errors.Is(err, context.Canceled) {
		g.log.Warn("goroutine ended with an error while the service stopped", "error", err)
	}
}

// closeIfIdle needs g.mu.
func (g *Group) closeIfIdle() {
	if g.phase == ended && len(g.running) == 0 {
		select {
		case <-g.idle:
		default:
			close(g.idle)
		}
	}
}

// Stop ends the context of the goroutines and waits for them until ctx ends. It
// returns the failures of all goroutines so far, and an error that names those
// that still run. In a process it is called for the service.
func (g *Group) Stop(ctx context.Context) error {
	g.close()
	err := g.wait(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	return errors.Join(append(slices.Clone(g.failed), err)...)
}

func (g *Group) close() {
	g.end()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.phase, g.queued = ended, nil
	g.closeIfIdle()
}

func (g *Group) wait(ctx context.Context) error {
	select {
	case <-g.idle:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	var names []string
	for name, n := range g.running {
		names = append(names, fmt.Sprintf("%q (%d)", name, n))
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return fmt.Errorf("goroutines still run: %s", strings.Join(names, ", "))
}

// open lets Go begin at once; the queue waits for launchQueued.
func (g *Group) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.phase = launching
}

func (g *Group) launchQueued() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range g.queued {
		g.launch(t)
	}
	g.queued = nil
}

// hook is the service's start and stop, with its goroutines around them.
func (g *Group) hook(service any) fx.Hook {
	return fx.Hook{
		OnStart: func(ctx context.Context) error { return g.start(ctx, service) },
		OnStop: func(ctx context.Context) error {
			g.close()
			var err error
			if s, ok := service.(interface{ Stop(context.Context) error }); ok {
				err = s.Stop(ctx)
			}
			return errors.Join(err, g.wait(ctx))
		},
	}
}

// start runs the service's Start. Whatever way that ends, goroutines begun in
// it do not outlive a start that did not succeed: also when it panics, and also
// when it was given up and hangs.
func (g *Group) start(ctx context.Context, service any) error {
	succeeded := false
	defer func() {
		if !succeeded {
			g.abandon()
		}
	}()
	cutOff := context.AfterFunc(ctx, g.end)
	g.open()
	if s, ok := service.(interface{ Start(context.Context) error }); ok {
		if err := s.Start(ctx); err != nil {
			cutOff()
			return err
		}
	}
	if !cutOff() {
		return fmt.Errorf("it started too late: %w", ctx.Err())
	}
	succeeded = true
	g.launchQueued()
	return nil
}

// abandon ends the goroutines of a start that failed.
func (g *Group) abandon() {
	ctx, cancel := context.WithTimeout(context.Background(), DefaultStopBudget)
	defer cancel()
	g.close()
	if err := g.wait(ctx); err != nil {
		g.log.Error("the start failed and left goroutines behind", "error", err)
	}
}
