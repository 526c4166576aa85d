package banktransfer

import (
	"fmt"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

// Config is the plugin's configuration.
type Config struct {
	// SupportedCurrencies are the currencies the account takes; in any other
	// the method is not offered. Default USD, EUR, UAH.
	SupportedCurrencies []money.Currency `json:"supportedCurrencies"`
}

// DefaultConfig returns the configuration that holds when none is given.
func DefaultConfig() Config {
	return Config{SupportedCurrencies: []money.Currency{"USD", "EUR", "UAH"}}
}

// Validate refuses a currency that does not exist, and an empty list.
func (c *Config) Validate() error {
	var mistakes []plugin.FieldError
	if len(c.SupportedCurrencies) == 0 {
		mistakes = append(mistakes, plugin.FieldError{
			Field: "supportedCurrencies", Rule: "required", Message: "must name at least one currency; leave it out for the default"})
	}
	for i, currency := range c.SupportedCurrencies {
		if err := currency.Validate(); err != nil {
			mistakes = append(mistakes, plugin.FieldError{
				Field: fmt.Sprintf("supportedCurrencies[%d]", i), Rule: "enum", Message: err.Error()})
		}
	}
	return plugin.Invalid(mistakes...)
}
