package apps

import (
	"encoding/json"
	"fmt"

	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

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

// String shows the status only: the configuration may hold secrets.
func (c PluginConfig) String() string { return fmt.Sprintf("{%s [REDACTED]}", c.Status) }

// GoString is what %#v prints, the same as String.
func (c PluginConfig) GoString() string { return c.String() }

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
