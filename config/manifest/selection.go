package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
)

// Selection is what config.yml asks for in one variant, after extends, add and
// remove. It has no positions and no order, so that comments, formatting and
// the order of names in config.yml do not change it.
type Selection struct {
	// Variant is the name of the selection.
	Variant string `json:"variant"`
	// Services are the names asked for.
	Services []string `json:"services"`
	// Plugins are the provider codes asked for; nil means the default, which is
	// every provider that serves a linked service, and an empty list means none.
	Plugins []string `json:"plugins"`
	// Transports are the transports asked for: memory, nats, embedded.
	Transports []string `json:"transports"`
	// Remote names the services that another process serves.
	Remote []string `json:"remote"`
	// Standalone says that every dependency which is not selected is remote.
	Standalone bool `json:"standalone,omitempty"`
	// External maps the selected services of other modules to their import paths.
	External map[string]string `json:"external,omitempty"`
	// ExternalPlugins maps the plugins of other modules, among those that are listed
	// or that serve a service by default, to their import paths.
	ExternalPlugins map[string]string `json:"external_plugins,omitempty"`
}

// Digest returns "sha256:" and the hexadecimal SHA-256 of the selection's
// canonical form. Two selections that ask for the same have the same digest.
func (s Selection) Digest() string {
	data, _ := json.Marshal(s.normal()) //nolint:errchkjson // strings, lists of strings and a map of strings always encode
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (s Selection) normal() Selection {
	s.Services = sorted(s.Services)
	if s.Plugins != nil {
		s.Plugins = sorted(s.Plugins)
	}
	s.Transports, s.Remote = sorted(s.Transports), sorted(s.Remote)
	s.External, s.ExternalPlugins = filled(s.External), filled(s.ExternalPlugins)
	return s
}

// filled returns a copy, nil when empty.
func filled(imports map[string]string) map[string]string {
	if len(imports) == 0 {
		return nil
	}
	return maps.Clone(imports)
}
