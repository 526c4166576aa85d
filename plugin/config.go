package plugin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Config is the configuration of one slot as it was written, not yet decoded.
// The zero value is an empty configuration.
type Config struct {
	project string
	raw     json.RawMessage
	https   bool
}

// NewConfig returns the configuration of a project's slot. raw is a JSON
// object; nil or empty means that every default holds.
func NewConfig(project string, raw json.RawMessage) Config {
	return Config{project: project, raw: raw}
}

// Project returns the id of the project that the slot belongs to.
func (c Config) Project() string { return c.project }

// RequireHTTPS returns the configuration with the rule of production: Decode
// refuses a [URL] that is not https.
func (c Config) RequireHTTPS() Config {
	c.https = true
	return c
}

// Decode decodes the configuration into the struct that into points to, which
// has the defaults already. It is strict: an unknown field and a wrong type are
// errors, reported together with their paths in an [*InvalidError]. Then
// into's method Validate() error is called, if it has one.
func (c Config) Decode(into any) error {
	raw := c.raw
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = json.RawMessage("{}")
	}
	if !json.Valid(raw) {
		return fmt.Errorf("the configuration is not JSON")
	}
	// encoding/json alone would take a name in other letter case for a field.
	if mistakes := inspect(raw, reflect.TypeOf(into).Elem(), ""); len(mistakes) > 0 {
		return Invalid(mistakes...)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("the configuration cannot be decoded: %w", err)
	}
	if c.https {
		if mistakes := insecure(reflect.ValueOf(into).Elem(), ""); len(mistakes) > 0 {
			return Invalid(mistakes...)
		}
	}
	if v, ok := into.(interface{ Validate() error }); ok {
		return v.Validate()
	}
	return nil
}
