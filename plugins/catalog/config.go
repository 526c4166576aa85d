package catalog

import (
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

// Config is the plugin's configuration.
type Config struct {
	// DefaultCurrency prices the offers of a query that names no currency.
	// Default USD.
	DefaultCurrency money.Currency `json:"defaultCurrency"`
}

// DefaultConfig returns the configuration that holds when none is given.
func DefaultConfig() Config { return Config{DefaultCurrency: "USD"} }

// Validate refuses a currency that does not exist.
func (c *Config) Validate() error {
	if err := c.DefaultCurrency.Validate(); err != nil {
		return plugin.Invalid(plugin.FieldError{Field: "defaultCurrency", Rule: "enum", Message: err.Error()})
	}
	return nil
}
