package novaposhta

import "github.com/shopanaio/orchestrator/plugin"

// Config is the plugin's configuration.
type Config struct {
	// APIKey is the shop's key at Nova Poshta. The lists of methods need none.
	// Default: empty.
	APIKey plugin.Secret `json:"apiKey"`
}

// DefaultConfig returns the configuration that holds when none is given.
func DefaultConfig() Config { return Config{} }
