package slot

import (
	"encoding/json"
	"slices"

	"github.com/shopanaio/orchestrator/plugin"
)

// Status says whether a slot runs.
type Status string

// The statuses there are; only an active slot runs.
const (
	Active      Status = "active"
	Inactive    Status = "inactive"
	Maintenance Status = "maintenance"
	Deprecated  Status = "deprecated"
)

// Statuses returns every status.
func Statuses() []Status { return []Status{Active, Inactive, Maintenance, Deprecated} }

// Valid reports whether s is one of the statuses there are.
func (s Status) Valid() bool { return slices.Contains(Statuses(), s) }

// Slot is one plugin that one project has installed. It is shared by all calls
// and not changed.
type Slot struct {
	// Project is the id of the project.
	Project string
	// Manifest is the plugin's.
	Manifest plugin.Manifest
	// Status says whether the slot runs.
	Status Status
	// Settings is the plugin's configuration as JSON, without secrets.
	Settings json.RawMessage

	provider *plugin.Provider
	places   chan struct{}
}

// New returns a slot in which at most places calls run at the same time.
func New(project string, manifest plugin.Manifest, status Status, provider *plugin.Provider, places int) (*Slot, error) {
	settings, err := provider.Settings()
	if err != nil {
		return nil, err
	}
	return &Slot{
		Project:  project,
		Manifest: manifest,
		Status:   status,
		Settings: settings,
		provider: provider,
		places:   make(chan struct{}, places),
	}, nil
}

// Code is the plugin's code.
func (s *Slot) Code() string { return s.Manifest.Code }

// Serves reports whether the slot's provider serves the operation.
func (s *Slot) Serves(domain plugin.Domain, operation string) bool {
	return slices.Contains(s.provider.Operations(domain), operation)
}

// Operations returns the names of the operations served in a domain, sorted.
func (s *Slot) Operations(domain plugin.Domain) []string { return s.provider.Operations(domain) }
