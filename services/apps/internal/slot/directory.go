package slot

import (
	"slices"

	"github.com/shopanaio/orchestrator/plugin"
)

// Directory has the slots of all projects. It is filled before it is read.
type Directory struct {
	projects map[string]Project
}

// Project is the slots of one project, by priority, then by code.
type Project []*Slot

// NewDirectory returns a directory without projects.
func NewDirectory() *Directory { return &Directory{projects: make(map[string]Project)} }

// Put makes a project with these slots, in whatever order.
func (d *Directory) Put(project string, slots []*Slot) {
	sorted := slices.Clone(slots)
	slices.SortFunc(sorted, func(a, b *Slot) int { return a.Manifest.Compare(b.Manifest) })
	d.projects[project] = sorted
}

// Project returns the slots of a project, and false when there is none of this
// id.
func (d *Directory) Project(id string) (Project, bool) {
	p, ok := d.projects[id]
	return p, ok
}

// Len returns how many projects there are.
func (d *Directory) Len() int { return len(d.projects) }

// Find returns the project's slot of a provider in a domain, and false when it
// is not installed or does not serve the domain.
func (p Project) Find(code string, domain plugin.Domain) (*Slot, bool) {
	for _, s := range p {
		if s.Code() == code && s.Manifest.Serves(domain) {
			return s, true
		}
	}
	return nil, false
}

// Active returns the project's active slots of a domain, in the order of their
// results.
func (p Project) Active(domain plugin.Domain) []*Slot {
	var active []*Slot
	for _, s := range p {
		if s.Status == Active && s.Manifest.Serves(domain) {
			active = append(active, s)
		}
	}
	return active
}

// Codes returns the codes of the project's plugins that serve a domain, in the
// order of their results.
func (p Project) Codes(domain plugin.Domain) []string {
	var codes []string
	for _, s := range p {
		if s.Manifest.Serves(domain) {
			codes = append(codes, s.Code())
		}
	}
	return codes
}
