package payments

import (
	"fmt"
	"time"
)

// Config is the section services.payments of config.yml.
type Config struct {
	// ProviderTimeout is how long to wait for the providers before answering
	// without them. Keep it below the callers' own limit (10 s unless they say
	// otherwise), or they see a deadline instead of a warning. Default 5 s.
	ProviderTimeout time.Duration `yaml:"provider_timeout"`
}

// DefaultConfig returns the settings that hold when none are given.
func DefaultConfig() Config {
	return Config{ProviderTimeout: 5 * time.Second}
}

// Validate refuses a limit that would refuse everything.
func (c Config) Validate() error {
	if c.ProviderTimeout <= 0 {
		return fmt.Errorf("provider_timeout must be more than 0, such as 5s; it is %s", c.ProviderTimeout)
	}
	return nil
}
