package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/runfile"
)

const (
	// leftoverGrace is how long hooks that were given up may take to come to an
	// end before the program ends around them.
	leftoverGrace = time.Second
	// doorBudget is how long the admin server may take for its last answers.
	doorBudget = 5 * time.Second
)

// stop ends a process that was ready. The order is what makes it lose nothing:
// probes say no first, then what was delivered is served and new calls are
// refused, then the services stop, callers before callees and with their own
// calls still working, then the bus, and the admin server last, which can be
// watched until then.
func (p *process) stop() error {
	begun := time.Now()
	p.ready.Store(false)
	p.log.Info("stopping", "cause", context.Cause(p.stopping).Error())
	p.forget()
	errs := []error{p.drain(), p.stopServices(), p.closeNode()}
	errs = append(errs, p.failed(), p.closeDoor())
	if err := errors.Join(errs...); err != nil {
		return p.report(p.log, p.plan.settings, "stopped, but not as it should", err)
	}
	p.log.Info("stopped", "took", time.Since(begun))
	return nil
}

// rollBack ends a process whose start failed. The services that had started are
// stopped already; fx does that.
func (p *process) rollBack(err error) error {
	p.closeLeftover()
	rest := errors.Join(p.closeNode(), p.closeDoor())
	if rest != nil {
		p.log.Error("rolling back", "error", rest.Error())
	}
	code := p.report(p.log, p.plan.settings, "the start failed, and what had started was stopped", err)
	var by signalled
	if errors.As(context.Cause(p.stopping), &by) && errors.Is(err, by) {
		return exit(signalCode(by.Signal))
	}
	return code
}

// drain ends the calls and events in flight. What was cut off is logged one by one.
func (p *process) drain() error {
	ctx, cancel := context.WithTimeout(context.Background(), p.plan.settings.DrainTimeout)
	defer cancel()
	err := p.node.Drain(ctx)
	if cut, ok := errors.AsType[*bus.DrainError](err); ok {
		for _, c := range cut.Cut {
			p.log.Error("call cut off", "action", c.Action, "caller", c.Caller, "request_id", c.RequestID, "age", c.Age)
		}
		for _, e := range cut.Events {
			p.log.Error("events cut off", "subscriber", e.Subscriber, "event", e.Event, "waiting", e.Waiting)
		}
	}
	p.gate.patient.Store(err == nil)
	if err != nil {
		return fmt.Errorf("what was in progress did not end within the drain_timeout of %s: %w", p.plan.settings.DrainTimeout, err)
	}
	return nil
}

// stopServices runs the stop hooks in reverse. Their budgets bound it.
func (p *process) stopServices() error {
	err := p.app.Stop(context.Background())
	p.closeLeftover()
	return err
}

// closeLeftover waits a little for hooks that were given up, and names those
// that do not end.
func (p *process) closeLeftover() {
	ctx, cancel := context.WithTimeout(context.Background(), leftoverGrace)
	defer cancel()
	for _, left := range p.sup.Leftover(ctx) {
		p.log.Error("a hook still runs and is left behind", "service", left.Service, "phase", string(left.Phase), "age", time.Since(left.Since))
	}
}

func (p *process) closeNode() error {
	ctx, cancel := context.WithTimeout(context.Background(), transportBudget)
	defer cancel()
	if err := p.node.Close(ctx); err != nil {
		return fmt.Errorf("the transport %s could not be closed: %w", p.plan.settings.Transporter, err)
	}
	return nil
}

func (p *process) closeDoor() error {
	ctx, cancel := context.WithTimeout(context.Background(), doorBudget)
	defer cancel()
	return p.door.Shutdown(ctx)
}

// remember writes the run file and tells whether call finds this process by it:
// not where another one of the same variant and config.yml runs. A process that
// cannot write it is still a good one: it is found by its port.
func (p *process) remember() bool {
	var err error
	if p.recorded, err = runfile.Write(p.options.RunDir, p.run); err != nil {
		p.log.Warn("other shells will not find this process by themselves; give them --admin "+p.run.Admin, "error", err.Error())
		return false
	}
	all, err := runfile.Find(p.options.RunDir, p.run.Variant, p.run.Config)
	return err == nil && len(all) == 1
}

func (p *process) forget() {
	if err := p.recorded.Remove(); err != nil {
		p.log.Warn("the run file stays behind", "error", err.Error())
	}
}
