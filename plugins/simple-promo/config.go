package simplepromo

import (
	"fmt"
	"slices"

	"github.com/shopanaio/orchestrator/plugin"
)

// Config is the plugin's configuration.
type Config struct {
	// MaxDiscounts is how many discounts are offered at most, the first of the
	// list; 0 offers none. Default 10.
	MaxDiscounts int `json:"maxDiscounts"`
	// EnabledTypes are the types of discounts that are offered, "percentage"
	// or "fixed"; empty offers all. Default empty.
	EnabledTypes []plugin.DiscountType `json:"enabledTypes"`
}

// DefaultConfig returns the configuration that holds when none is given.
func DefaultConfig() Config {
	return Config{MaxDiscounts: 10, EnabledTypes: []plugin.DiscountType{}}
}

// Validate refuses a negative number of discounts and types there are not.
func (c *Config) Validate() error {
	var mistakes []plugin.FieldError
	if c.MaxDiscounts < 0 {
		mistakes = append(mistakes, plugin.FieldError{
			Field: "maxDiscounts", Rule: "minimum", Message: fmt.Sprintf("must be 0 or more, not %d", c.MaxDiscounts)})
	}
	known := []plugin.DiscountType{plugin.Percentage, plugin.Fixed}
	for i, enabled := range c.EnabledTypes {
		if !slices.Contains(known, enabled) {
			mistakes = append(mistakes, plugin.FieldError{
				Field: fmt.Sprintf("enabledTypes[%d]", i), Rule: "enum",
				Message: fmt.Sprintf("must be percentage or fixed, not %q", enabled)})
		}
	}
	return plugin.Invalid(mistakes...)
}
