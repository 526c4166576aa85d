package orchestrator

import (
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

// Binary is what was linked into a program: the generated main names it, and
// nothing else decides what runs.
type Binary struct {
	// Manifest is the embedded manifest.json, as tools/gen wrote it.
	Manifest []byte
	// Services are the linked services in start order.
	Services []service.Definition
	// Plugins are the linked providers.
	Plugins []plugin.Plugin
	// Transports are the linked transports.
	Transports []bus.Transporter
}

// Services lists the services of a binary in start order.
func Services(all ...service.Definition) []service.Definition { return all }

// Plugins lists the providers of a binary.
func Plugins(all ...plugin.Plugin) []plugin.Plugin { return all }

// Transports lists the transports of a binary.
func Transports(all ...bus.Transporter) []bus.Transporter { return all }
