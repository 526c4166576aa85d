package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/orchestrator/internal/spool"
)

const (
	// flushBudget is how long the last lines may take to be read.
	flushBudget = 500 * time.Millisecond
	// cutShort is the same for a process that was asked twice to stop.
	cutShort = 100 * time.Millisecond
)

// errAsked is the cause of a stop that the caller of Run asked for.
var errAsked = errors.New("asked to stop")

// signalled is the cause of a stop that a signal asked for.
type signalled struct{ os.Signal }

// Error says which signal.
func (s signalled) Error() string { return "received " + signalName(s.Signal) }

// life is one run of the program.
type life struct {
	*Program

	out *spool.Spool
	// early is the log before the settings are known, and of what must be said
	// whatever the process is doing.
	early Reporter
	// stop ends when the process is to stop; its cause is why.
	stop      context.Context
	interrupt context.CancelCauseFunc
	// within is how long the stop may take, in nanoseconds.
	within atomic.Int64
}

// Run is the life of a process. It returns the exit code when the process has
// stopped, or immediately when it is asked to stop a second time, or when a stop
// takes longer than it may: whoever called Run exits then, and what still runs ends
// with the program. The end of ctx asks for a stop like a signal. Nothing in here
// waits for who reads the output.
func Run(ctx context.Context, in *Program) int {
	signals, unsubscribe := in.Signals()
	defer unsubscribe()
	l := &life{out: spool.New()}
	l.Program = in.printingTo(l.out)
	l.early = l.Reporter()
	l.within.Store(int64(closingBudget))
	l.stop, l.interrupt = context.WithCancelCause(context.Background())
	defer l.interrupt(nil)
	ended := make(chan int, 1)
	go func() { ended <- l.live() }()
	code, patience := l.watch(ctx, signals, ended)
	l.out.Close(patience)
	return code
}

// printingTo is the program with both of its files behind a spool.
func (in *Program) printingTo(out *spool.Spool) *Program {
	spooled := *in
	spooled.Stdout, spooled.Stderr = out.To(in.Stdout), out.To(in.Stderr)
	spooled.own = in.Stderr == io.Writer(os.Stderr)
	return &spooled
}

// watch waits for the end of the process, and ends it where it does not end itself.
// It returns the exit code, and how long the last lines may take.
func (l *life) watch(ctx context.Context, signals <-chan os.Signal, ended <-chan int) (code int, patience time.Duration) {
	asked, stopping := ctx.Done(), l.stop.Done()
	var overdue <-chan time.Time
	requested := false
	for {
		select {
		case code := <-ended:
			return code, flushBudget
		case s := <-signals:
			if requested {
				l.early.Say(fmt.Errorf("received %s while stopping; ending immediately", signalName(s)))
				return signalCode(s), cutShort
			}
			requested = true
			l.interrupt(signalled{s})
		case <-asked:
			asked, requested = nil, true
			l.interrupt(errAsked)
		case <-stopping:
			stopping, overdue = nil, time.After(time.Duration(l.within.Load())-cutShort)
		case <-overdue:
			l.early.Say(fmt.Errorf("the stop took longer than the %s that it may take; the process ends around what still runs", time.Duration(l.within.Load())))
			return ExitError, cutShort
		}
	}
}

// live is the whole life of the process, from the settings to the end.
func (l *life) live() int {
	plan, err := until(l.stop, l.Prepare)
	if err != nil {
		return l.early.failed("", err)
	}
	l.within.Store(int64(plan.stopWithin()))
	log := newLogger(l.Stderr, plan.settings)
	l.observe(log)
	plan.log(log)
	report := Reporter{log: log, structured: plan.settings.Environment == config.Production, to: l.Stderr}
	p, err := newProcess(l, plan, log)
	if err != nil {
		return report.failed("the services could not be made", err)
	}
	p.logLoaded()
	if err := p.start(); err != nil {
		return p.rollBack(err, report)
	}
	p.announce()
	<-l.stop.Done()
	return p.end(report)
}

// observe makes log the one that everything in the process ends up in.
func (l *life) observe(log *slog.Logger) {
	l.out.OnOverflow(func(dropped uint64) {
		log.Warn("lines of the log were dropped, because they were not read as fast as they were written", "lines", dropped)
	})
	if l.own { // else the program is one of several in a test
		slog.SetDefault(log)
	}
}

// until runs f, which may hang at what it reads, and comes back without it when the
// process is to stop: there is nothing yet that would have to be undone.
func until[T any](stop context.Context, f func() (T, error)) (T, error) {
	var value, none T
	err := lifecycle.Until(stop, func() (err error) {
		value, err = f()
		return err
	})
	if err != nil {
		return none, err // f may still be at work on value
	}
	return value, nil
}

// logLoaded writes one line per service in start order, and one for all.
func (p *process) logLoaded() {
	for _, d := range p.plan.services {
		p.log.Info("service loaded", "service", d.Name)
	}
	p.log.Info("services loaded", "count", len(p.plan.services), "services", Names(serviceNames(p.plan.services)))
}
