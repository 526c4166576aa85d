package pricing

import (
	"errors"
	"fmt"
	"time"
)

// Config is the section services.pricing of config.yml.
type Config struct {
	// ProviderTimeout is how long to wait for the providers before answering
	// without them. Keep it below the callers' own limit (10 s unless they say
	// otherwise), or they see a deadline instead of a warning. Default 5 s.
	ProviderTimeout time.Duration `yaml:"provider_timeout"`
	// MaxCodes is how many codes one evaluation may have. Default 20.
	MaxCodes int `yaml:"max_codes"`
}

// DefaultConfig returns the settings that hold when none are given.
func DefaultConfig() Config {
	return Config{ProviderTimeout: 5 * time.Second, MaxCodes: 20}
}

// Validate refuses limits that would refuse everything.
func (c Config) Validate() error {
	var mistakes []error
	if c.ProviderTimeout <= 0 {
		mistakes = append(mistakes, fmt.Errorf("provider_timeout must be more than 0, such as 5s; it is %s", c.ProviderTimeout))
	}
	if c.MaxCodes < 1 {
		mistakes = append(mistakes, fmt.Errorf("max_codes must be at least 1; it is %d", c.MaxCodes))
	}
	return errors.Join(mistakes...)
}
