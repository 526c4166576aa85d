package plugin

import (
	"context"
	"fmt"
)

// Plugin is what a provider's package exposes: what it is, and how to make it.
type Plugin struct {
	// Manifest says what the plugin is.
	Manifest Manifest
	// New makes the provider of one slot from its configuration. It does no
	// I/O and does not keep ctx. A mistake in the configuration is reported as
	// the error of [Config.Decode], which has the paths of the fields.
	New func(ctx context.Context, config Config) (*Provider, error)
}

// Validate returns every mistake in the plugin's declaration, joined.
func (p Plugin) Validate() error {
	if err := p.Manifest.Validate(); err != nil {
		return err
	}
	if p.New == nil {
		return fmt.Errorf("plugin %q: New is missing; it makes the provider", p.Manifest.Code)
	}
	return nil
}

// Open makes the provider of one slot and checks that it keeps what the
// manifest says: something is served in each of its domains, and nothing in
// any other. The error names the plugin; a configuration mistake is an
// [*InvalidError] inside it.
func (p Plugin) Open(ctx context.Context, config Config) (*Provider, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if !p.Manifest.Compatible() {
		return nil, fmt.Errorf("plugin %q was written for plugin API %s, and this is %s; link a version of it that fits",
			p.Manifest.Code, p.Manifest.APIVersion, APIVersion)
	}
	provider, err := p.New(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("plugin %q: %w", p.Manifest.Code, err)
	}
	if provider == nil {
		return nil, fmt.Errorf("plugin %q: New returned neither a provider nor an error", p.Manifest.Code)
	}
	if err := provider.check(p.Manifest); err != nil {
		return nil, fmt.Errorf("plugin %q: %w", p.Manifest.Code, err)
	}
	return provider, nil
}
