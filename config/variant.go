package config

import (
	"github.com/shopanaio/orchestrator/config/manifest"
)

// Variant is a named selection, resolved: what one binary contains.
type Variant struct {
	// Name is the name of the binary and of its folder under orchestrator/cmd.
	Name string
	// Services are the services to link, in the order of the file; what add
	// adds comes last.
	Services []Name
	// Plugins are the providers to link when PluginsSet is true; else every
	// provider that serves a linked service is.
	Plugins []Name
	// PluginsSet says that the variant, or one that it extends, lists its plugins.
	PluginsSet bool
	// Transports are what can carry calls: memory, nats, embedded. The default
	// is memory and nats; its names have the variant's position.
	Transports []Name
	// Remote are services that are called but served by another process.
	Remote []Name
	// AllowStandalone lifts the rule that a service with a binary of its own is
	// not linked next to others.
	AllowStandalone bool
	// Standalone says that every dependency which is not selected is remote. It
	// is true for the names under standalone and for dev with mode: standalone.
	Standalone bool
	// External maps the selected services that live in other modules to their
	// import paths; nil when there is none.
	External map[string]string
	// ExternalPlugins maps the plugins of other modules that the variant lists, or
	// that serve one of its services when it lists none, to their import paths; nil
	// when there is none.
	ExternalPlugins map[string]string
	// Pos is where the variant is defined.
	Pos Position
}

// Variants returns the selections of the file, resolved: dev first, then the
// others by name. It does not look at the source tree, so a service may be
// named that does not exist. A file that selects nothing gives none. Since
// Parse refuses a file whose variants do not resolve, the error is nil for
// every File that Parse, Load or Default returned.
func (f *File) Variants() ([]Variant, error) {
	if f.src == nil {
		return nil, errNoFile
	}
	out := make([]Variant, len(f.variants))
	for i, v := range f.variants {
		out[i] = v.clone()
	}
	return out, nil
}

// Selection returns what the variant asks for, without positions: the form that
// a binary records and compares.
func (v Variant) Selection() manifest.Selection {
	s := manifest.Selection{
		Variant: v.Name, Services: values(v.Services), Transports: values(v.Transports),
		Remote: values(v.Remote), Standalone: v.Standalone, External: v.External, ExternalPlugins: v.ExternalPlugins,
	}
	if v.PluginsSet {
		s.Plugins = values(v.Plugins)
	}
	return s
}

func values(names []Name) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name.Value
	}
	return out
}
