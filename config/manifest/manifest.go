package manifest

import (
	"cmp"
	"slices"
	"strings"
)

// Format is the version of the JSON layout that this package reads and writes.
const Format = 1

// Regenerate is the command that generates the programs of this project's own
// module anew.
const Regenerate = "go generate ./..."

// Manifest says what is linked into one binary. Services are in start order;
// every other list is sorted by Marshal.
type Manifest struct {
	// Format is the layout's version; Marshal writes the constant Format when it is 0.
	Format int `json:"-"`
	// Variant is the name of the selection in config.yml.
	Variant string `json:"variant"`
	// Services are the linked services in start order.
	Services []Service `json:"services"`
	// Plugins are the linked providers.
	Plugins []Plugin `json:"plugins"`
	// Transports are the linked transports: memory, nats, embedded.
	Transports []string `json:"transports"`
	// Remote names the services that are called but served by another process.
	Remote []string `json:"remote"`
	// Regenerate is the command that generates the program anew, where it is not
	// the one of this project's own module.
	Regenerate string `json:"regenerate,omitempty"`
	// Config is the digest of what config.yml asked for: Selection.Digest().
	Config string `json:"config"`
	// Graph is the digest of the rest of the manifest, and so of what the source
	// tree decided: the edges, the start order, the plugins and the transports.
	Graph string `json:"graph"`
	// Selection is what config.yml asked for, to compare at run time.
	Selection Selection `json:"selection"`
}

// Service is one linked service.
type Service struct {
	// Name is the service's one name, such as "pricing".
	Name string `json:"name"`
	// Import is the Go import path of its package.
	Import string `json:"import"`
	// Because says in words why the service is linked.
	Because string `json:"because"`
	// Calls names the services whose actions it calls.
	Calls []string `json:"calls,omitempty"`
	// Optional names the services that it calls and can do without.
	Optional []string `json:"optional,omitempty"`
	// Listens names the services whose events it listens to.
	Listens []string `json:"listens,omitempty"`
	// Types names the services of whose contract it uses types only.
	Types []string `json:"types,omitempty"`
}

// Plugin is one linked provider.
type Plugin struct {
	// Code is the provider's name, such as "simple-promo".
	Code string `json:"code"`
	// Import is the Go import path of its package.
	Import string `json:"import"`
	// Domains are the services it provides for.
	Domains []string `json:"domains,omitempty"`
}

// Mend is the command that generates the program anew, for messages.
func (m Manifest) Mend() string { return cmp.Or(m.Regenerate, Regenerate) }

// ServiceNames returns the names of the linked services, sorted.
func (m Manifest) ServiceNames() []string {
	names := make([]string, 0, len(m.Services))
	for _, s := range m.Services {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return names
}

// normal returns a copy in the one form that Marshal writes, so that equal
// content gives equal bytes whatever order it was collected in.
func (m Manifest) normal() Manifest {
	if m.Format == 0 {
		m.Format = Format
	}
	m.Services = slices.Clone(m.Services)
	for i := range m.Services {
		s := &m.Services[i]
		s.Calls, s.Optional = optional(s.Calls), optional(s.Optional)
		s.Listens, s.Types = optional(s.Listens), optional(s.Types)
	}
	m.Plugins = slices.Clone(m.Plugins)
	for i := range m.Plugins {
		m.Plugins[i].Domains = optional(m.Plugins[i].Domains)
	}
	slices.SortFunc(m.Plugins, func(a, b Plugin) int { return strings.Compare(a.Code, b.Code) })
	m.Services, m.Plugins = present(m.Services), present(m.Plugins)
	m.Transports, m.Remote = sorted(m.Transports), sorted(m.Remote)
	m.Selection = m.Selection.normal()
	return m
}

// sorted returns a sorted copy that is never nil, so that JSON shows [].
func sorted(names []string) []string {
	return present(slices.Sorted(slices.Values(names)))
}

// optional returns a sorted copy, nil when empty, so that JSON leaves it out.
func optional(names []string) []string {
	return slices.Sorted(slices.Values(names))
}

func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
