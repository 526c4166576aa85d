package apps

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

// Config is the section services.apps of config.yml.
type Config struct {
	// ProviderTimeout is how long a provider may take for one operation; what
	// is left of the caller's own deadline may be less. Default 3s.
	ProviderTimeout time.Duration
	// ProviderConcurrency is how many operations one provider may run at once
	// for one project; more wait, within ProviderTimeout. Default 10.
	ProviderConcurrency int
	// Projects are the projects there are, by id. When the section does not
	// name any, development has the project "demo" with every linked plugin,
	// and production has none.
	Projects map[string]ProjectConfig
}

// ProjectConfig is one project.
type ProjectConfig struct {
	// Plugins are the plugins the project has installed; left out, every linked
	// one.
	Plugins PluginsConfig
}

// DefaultConfig returns the configuration that holds when none is given.
func DefaultConfig() Config {
	return Config{ProviderTimeout: 3 * time.Second, ProviderConcurrency: 10}
}

// Validate refuses limits that would let nothing run, and statuses there are
// not.
func (c *Config) Validate() error {
	if c.ProviderTimeout <= 0 {
		return fmt.Errorf("provider_timeout must be more than 0, not %s", c.ProviderTimeout)
	}
	if c.ProviderConcurrency < 1 {
		return fmt.Errorf("provider_concurrency must be at least 1, not %d", c.ProviderConcurrency)
	}
	for _, id := range sortedKeys(c.Projects) {
		if id == "" {
			return fmt.Errorf("projects has a project with an empty id; give it a name")
		}
		for _, code := range sortedKeys(c.Projects[id].Plugins) {
			status := c.Projects[id].Plugins[code].Status
			if !slot.Status(status).Valid() {
				return fmt.Errorf("projects.%s.plugins.%s.status must be one of %q, not %q", id, code, slot.Statuses(), status)
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
