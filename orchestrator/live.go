package orchestrator

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

// runProcess is the command run. It returns when the process has stopped, or at
// once when it is told a second time: whoever called Run exits then, and what
// still runs ends with the program.
func runProcess(ctx context.Context, in *invocation, args []string) error {
	if err := noArguments("run", args); err != nil {
		return err
	}
	signals, unsubscribe := in.options.signals()
	defer unsubscribe()
	stop, interrupt := context.WithCancelCause(context.Background())
	defer interrupt(nil)
	ended := make(chan error, 1)
	go func() { ended <- in.live(stop) }()
	asked := ctx.Done()
	for told := false; ; told = true {
		select {
		case err := <-ended:
			return err
		case s := <-signals:
			if told {
				in.tell(fmt.Errorf("received %s while stopping; ending at once", signalName(s)))
				return exit(signalCode(s))
			}
			interrupt(signalled{s})
		case <-asked:
			asked = nil
			interrupt(errAsked)
		}
	}
}

// live is the whole life of the process, from the settings to the end.
func (in *invocation) live(stop context.Context) error {
	plan, err := in.prepare()
	if err != nil {
		return err
	}
	log := newLogger(in.options.Stderr, plan.settings)
	plan.tell(log)
	p, err := newProcess(in, plan, log)
	if err != nil {
		if panicked, ok := errors.AsType[*lifecycle.PanicError](err); ok {
			log.Error("a constructor panicked", "error", err.Error(), "stack", string(panicked.Stack))
		}
		return in.report(log, plan.settings, "the services could not be made", err)
	}
	defer context.AfterFunc(stop, func() { p.interrupt(context.Cause(stop)) })()
	p.tellLoaded()
	if err := p.start(); err != nil {
		return p.rollBack(err)
	}
	p.announce()
	<-p.stopping.Done()
	return p.stop()
}

// tellLoaded writes one line per service in start order, and one for all.
func (p *process) tellLoaded() {
	for _, d := range p.plan.services {
		p.log.Info("service loaded", "service", d.Name)
	}
	p.log.Info("services loaded", "count", len(p.plan.services), "services", names(serviceNames(p.plan.services)))
}

// report tells an error to whoever reads: a person in development, a log in
// production. It returns the exit code.
func (in *invocation) report(log *slog.Logger, s config.Settings, what string, err error) error {
	if s.Environment == config.Production {
		log.Error(what, "error", err.Error())
		return exit(exitError)
	}
	in.tell(fmt.Errorf("%s: %w", what, err))
	return exit(exitError)
}

// pid is this process, for its run file.
func pid() int { return os.Getpid() }
