package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
)

// errAsked is the cause of a stop that the caller of Run asked for.
var errAsked = errors.New("asked to stop")

// signalled is the cause of a stop that a signal asked for.
type signalled struct{ os.Signal }

// Error says which signal.
func (s signalled) Error() string { return "received " + signalName(s.Signal) }

// Run is the life of a process. It returns the exit code when the process has
// stopped, or immediately when it is asked to stop a second time: whoever called
// Run exits then, and what still runs ends with the program. The end of ctx asks
// for a stop like a signal.
func Run(ctx context.Context, in *Program) int {
	signals, unsubscribe := in.Signals()
	defer unsubscribe()
	stop, interrupt := context.WithCancelCause(context.Background())
	defer interrupt(nil)
	ended := make(chan int, 1)
	go func() { ended <- in.live(stop, interrupt) }()
	asked := ctx.Done()
	for told := false; ; told = true {
		select {
		case code := <-ended:
			return code
		case s := <-signals:
			if told {
				_, _ = fmt.Fprintf(in.Stderr, "received %s while stopping; ending at once\n", signalName(s))
				return signalCode(s)
			}
			interrupt(signalled{s})
		case <-asked:
			asked = nil
			interrupt(errAsked)
		}
	}
}

// live is the whole life of the process, from the settings to the end.
func (in *Program) live(stop context.Context, interrupt context.CancelCauseFunc) int {
	plan, err := in.Prepare()
	if err != nil {
		_, _ = fmt.Fprintln(in.Stderr, err)
		return ExitError
	}
	log := newLogger(in.Stderr, plan.settings)
	plan.log(log)
	p, err := newProcess(params{Program: in, Plan: plan, Logger: log, Stop: stop, Interrupt: interrupt})
	if err != nil {
		if panicked, ok := errors.AsType[*lifecycle.PanicError](err); ok {
			log.Error("a constructor panicked", "error", err.Error(), "stack", string(panicked.Stack))
		}
		return in.report(log, plan.settings, "the services could not be made", err)
	}
	p.logLoaded()
	if err := p.start(); err != nil {
		return p.rollBack(err)
	}
	p.announce()
	<-stop.Done()
	return p.stop()
}

// logLoaded writes one line per service in start order, and one for all.
func (p *process) logLoaded() {
	for _, d := range p.Plan.services {
		p.Logger.Info("service loaded", "service", d.Name)
	}
	p.Logger.Info("services loaded", "count", len(p.Plan.services), "services", Names(serviceNames(p.Plan.services)))
}

// report gives an error to whoever reads: a person in development, a log in
// production. It returns the exit code.
func (in *Program) report(log *slog.Logger, s config.Settings, what string, err error) int {
	if s.Environment == config.Production {
		log.Error(what, "error", err.Error())
		return ExitError
	}
	_, _ = fmt.Fprintf(in.Stderr, "%s: %v\n", what, err)
	return ExitError
}
