package process

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

const (
	// settleBudget is how long the services that stop may take together for the events
	// which the stop of others has left in their queues.
	settleBudget = time.Second
	// announceBudget is how long a change of state waits for a subscriber that lets
	// emitters wait.
	announceBudget = 100 * time.Millisecond
)

// gate opens and shuts the services for the supervisor.
type gate struct {
	*bus.Node

	log *slog.Logger
	// patient says that the drain has ended well: what the services' stops emit is
	// little, and there is time for it.
	patient atomic.Bool
	// left is what is left of settleBudget. Services stop one at a time.
	left time.Duration
}

var _ lifecycle.Gate = (*gate)(nil)

// Hold shuts a service. One that stops handles first what it has been told.
func (g *gate) Hold(name string) {
	if g.patient.Load() {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), g.left)
		defer cancel()
		if err := g.Settle(ctx, name); err != nil {
			g.log.Warn("a service stops before it has handled its events", "service", name, "error", err.Error())
		}
		g.left = max(0, g.left-time.Since(begun))
	}
	g.Node.Hold(name)
}

// changed tells the services of this process about one of them.
func (p *process) changed(s lifecycle.Status) {
	ctx, cancel := context.WithTimeout(bus.WhileDraining(context.Background()), announceBudget)
	defer cancel()
	change := service.Change{Service: s.Service, State: s.State.String(), Since: s.Since}
	if s.Err != nil {
		change.Error = s.Err.Error()
	}
	if err := service.Changed.Emit(ctx, p.node.View("orchestrator"), change); err != nil {
		p.log.Debug("a change of state could not be announced to all", "service", s.Service, "error", err.Error())
	}
}
