package apps

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopanaio/orchestrator/secret"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

// Config is the section services.apps of config.yml.
type Config struct {
	// ProviderTimeout is how long a provider may take for one operation; what
	// is left of the caller's own deadline may be less. Default 3s.
	ProviderTimeout time.Duration
	// ProviderConcurrency is how many operations one provider may run at the
	// same time for one project; more wait, within ProviderTimeout. Default 10.
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
	var mistakes []error
	if c.ProviderTimeout <= 0 {
		mistakes = append(mistakes, fmt.Errorf("provider_timeout must be more than 0, not %s", c.ProviderTimeout))
	}
	if c.ProviderConcurrency < 1 {
		mistakes = append(mistakes, fmt.Errorf("provider_concurrency must be at least 1, not %d", c.ProviderConcurrency))
	}
	for _, id := range sortedKeys(c.Projects) {
		if id == "" {
			mistakes = append(mistakes, errors.New("projects has a project with an empty id; give it a name"))
		}
		for _, code := range sortedKeys(c.Projects[id].Plugins) {
			status := c.Projects[id].Plugins[code].Status
			if !slot.Status(status).Valid() {
				mistakes = append(mistakes, fmt.Errorf("projects.%s.plugins.%s.status must be one of %q, not %q", id, code, slot.Statuses(), status))
			}
		}
	}
	return errors.Join(mistakes...)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// PluginsConfig is the installed plugins by code. config.yml may also have a
// list of codes, which installs each with its defaults.
type PluginsConfig map[string]PluginConfig

// PluginConfig is one installed plugin.
type PluginConfig struct {
	// Status says whether it runs: "active", "inactive", "maintenance" or
	// "deprecated"; only an active one does. Default "active".
	Status string
	// Config is the plugin's own configuration, a JSON object; see the plugin's
	// README. Default empty.
	Config json.RawMessage
}

// Format shows the status only: the configuration may hold secrets.
func (c PluginConfig) Format(f fmt.State, verb rune) {
	secret.Format(f, verb, "{"+c.Status+" "+secret.Redacted+"}")
}

// UnmarshalJSON reads a mapping from codes to plugins, or a list of codes.
func (c *PluginsConfig) UnmarshalJSON(data []byte) error {
	var codes []string
	if json.Unmarshal(data, &codes) == nil {
		return c.fromList(codes)
	}
	var plugins map[string]json.RawMessage
	if err := json.Unmarshal(data, &plugins); err != nil {
		return fmt.Errorf("must be a list of plugin codes, or a mapping from them to {status, config}")
	}
	*c = make(PluginsConfig, len(plugins))
	for _, code := range sortedKeys(plugins) {
		read, err := readPlugin(plugins[code])
		if err != nil {
			return fmt.Errorf("%s: %w", code, err)
		}
		(*c)[code] = read
	}
	return nil
}

func (c *PluginsConfig) fromList(codes []string) error {
	*c = make(PluginsConfig, len(codes))
	for _, code := range codes {
		if _, twice := (*c)[code]; twice {
			return fmt.Errorf("the plugin %q is in the list twice; remove one", code)
		}
		(*c)[code] = PluginConfig{Status: string(slot.Active)}
	}
	return nil
}

func readPlugin(data json.RawMessage) (PluginConfig, error) {
	read := PluginConfig{Status: string(slot.Active)}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return read, fmt.Errorf("must be a mapping with the keys status and config")
	}
	for _, key := range sortedKeys(members) {
		switch key {
		case "status":
			if err := json.Unmarshal(members[key], &read.Status); err != nil {
				return read, fmt.Errorf("status must be a text, not %s", members[key])
			}
		case "config":
			read.Config = members[key]
		default:
			return read, fmt.Errorf("there is no key %q; the keys are status and config", key)
		}
	}
	return read, nil
}
