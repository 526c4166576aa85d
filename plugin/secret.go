package plugin

import "github.com/shopanaio/orchestrator/secret"

// Secret is a configuration value that is never shown: printed with any verb,
// logged or written as JSON it is [REDACTED]; an empty one is an empty string,
// so that what is missing can be seen. Reveal gives it to the request that needs it.
// Default: empty.
type Secret = secret.Text
