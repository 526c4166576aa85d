// Package host is the seam between a process and the services in it: what
// package orchestrator supplies and package service takes from. It is the one value
// that fx knows: what each service has for itself is made of it.
package host

import (
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/plugin"
)

// Host is what the services of one process share without seeing one another.
type Host struct {
	// Node is the process's bus; every service gets a view of it.
	Node *bus.Node
	// Supervisor guards the hooks of the services.
	Supervisor *lifecycle.Supervisor
	// Logger is the process's log, without a service's name.
	Logger *slog.Logger
	// Environment is "development" or "production".
	Environment string
	// Plugins are the providers that are linked.
	Plugins plugin.Set
	// Settings holds the decoded settings of each service by its name.
	Settings map[string]any
}
