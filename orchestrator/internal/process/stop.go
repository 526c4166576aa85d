package process

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/runfile"
)

const (
	// leftoverGrace is how long hooks that were given up may take to come to an
	// end before the program ends around them.
	leftoverGrace = time.Second
	// transportBudget bounds disconnecting.
	transportBudget = 2 * time.Second
	// adminBudget is how long the admin server may take for its last answers.
	adminBudget = 500 * time.Millisecond
	// drainQuiet is how long a drain takes before the log says what it waits for, and
	// drainReminder when it does so again. mostWaits is of how many calls it does.
	drainQuiet    = time.Second
	drainReminder = 5 * time.Second
	mostWaits     = 10
	// closingBudget is what a stop may take beside the drain and the services' own
	// stops.
	closingBudget = settleBudget + leftoverGrace + transportBudget + adminBudget + flushBudget
)

// stopWithin is how long a stop may take. It is enforced: the parts have these
// budgets, and the process does not outlive their sum.
func (p Plan) stopWithin() time.Duration {
	total := p.settings.DrainTimeout + closingBudget
	for _, d := range p.services {
		total += d.StopBudget()
	}
	return total
}

// end ends a process that was ready. The order is what makes it lose nothing:
// probes say no first, then what was delivered is served and new calls are
// refused, then the services stop, callers before callees and with their own
// calls still working, then the bus, and the admin server last, which can be
// watched until then.
func (p *process) end(report Reporter) int {
	begun := time.Now()
	p.ready.Store(false)
	p.log.Info("stopping", "cause", context.Cause(p.stop).Error(), "within", p.plan.stopWithin())
	p.forget()
	errs := []error{p.drain(), p.stopServices(), p.closeNode(), p.failed()}
	p.closeAdmin()
	if err := errors.Join(errs...); err != nil {
		return report.report("stopped, but not as it should", err)
	}
	p.log.Info("stopped", "took", time.Since(begun))
	return ExitOK
}

// rollBack ends a process whose start failed. The services that had started are
// stopped already; fx does that.
func (p *process) rollBack(err error, report Reporter) int {
	p.closeLeftover()
	rest := p.closeNode()
	p.closeAdmin()
	if rest != nil {
		p.log.Error("rolling back", "error", rest.Error())
	}
	return report.failed("the start failed, and what had started was stopped", err)
}

// drain ends the calls and events in flight. What was cut off is logged one by one.
func (p *process) drain() error {
	ctx, cancel := context.WithTimeout(context.Background(), p.plan.settings.DrainTimeout)
	defer cancel()
	drained := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() { p.logWaits(drained) })
	err := p.node.Drain(ctx)
	close(drained)
	watch.Wait()
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

// logWaits says of a drain that takes its time what is waited for.
func (p *process) logWaits(drained <-chan struct{}) {
	for wait := drainQuiet; ; wait = drainReminder {
		select {
		case <-drained:
			return
		case <-time.After(wait):
		}
		calls := p.node.InFlight()
		for _, c := range calls[:min(len(calls), mostWaits)] {
			p.log.Info("waiting for a call to end", "action", c.Action, "caller", c.Caller, "request_id", c.RequestID, "age", c.Age)
		}
		if more := len(calls) - mostWaits; more > 0 {
			p.log.Info("waiting for more calls to end", "count", more)
		}
	}
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

// closeAdmin ends the admin server. What it cuts off there is no failure of the stop:
// calls have ended or were named by the drain, and the rest are clients that send or
// read slowly.
func (p *process) closeAdmin() {
	ctx, cancel := context.WithTimeout(context.Background(), adminBudget)
	defer cancel()
	if err := p.admin.Shutdown(ctx); err != nil {
		p.log.Warn("the admin server did not end by itself", "error", err.Error())
	}
}

// remember writes the run file and tells whether call finds this process by it:
// not where another one of the same variant and config.yml runs. A process that
// cannot write it is still a good one: it is found by its port.
func (p *process) remember() bool {
	var err error
	if p.recorded, err = runfile.Write(p.RunDir, p.run); err != nil {
		p.log.Warn("other shells will not find this process by themselves; give them --admin "+p.run.Admin, "error", err.Error())
		return false
	}
	all, err := runfile.Find(p.RunDir, p.run.Variant, p.run.Config)
	return err == nil && len(all) == 1
}

func (p *process) forget() {
	if err := p.recorded.Remove(); err != nil {
		p.log.Warn("the run file stays behind", "error", err.Error())
	}
}
