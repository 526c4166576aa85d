package process

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/orchestrator/admin"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
)

// readiness is asked for by every probe.
func (p *process) readiness() admin.Readiness {
	var r admin.Readiness
	byState := map[lifecycle.State][]string{}
	for _, s := range p.sup.Snapshot() {
		r.Services = append(r.Services, admin.ServiceState{Service: s.Service, State: s.State.String()})
		byState[s.State] = append(byState[s.State], s.Service)
	}
	r.WaitingFor = p.waitingFor(byState)
	r.Ready = len(r.WaitingFor) == 0
	return r
}

// waitingFor says what keeps the process from being ready, the cause first.
func (p *process) waitingFor(services map[lifecycle.State][]string) (all []string) {
	if p.stop.Err() != nil {
		all = append(all, fmt.Sprintf("the end of the stop (%v)", context.Cause(p.stop)))
	}
	if !p.node.Connected() {
		all = append(all, fmt.Sprintf("the transport %s, which is not connected", p.plan.settings.Transporter))
	}
	for state := lifecycle.New; state <= lifecycle.Failed; state++ {
		if names := services[state]; len(names) > 0 && state != lifecycle.Running {
			all = append(all, fmt.Sprintf("%s (%s)", strings.Join(names, ", "), state))
		}
	}
	if len(all) == 0 && !p.ready.Load() {
		all = append(all, "the end of the start")
	}
	return all
}
