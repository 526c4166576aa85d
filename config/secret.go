package config

import "github.com/shopanaio/orchestrator/secret"

// Secret is a setting that must not be seen.
type Secret = secret.Text
