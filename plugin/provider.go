package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNotServed is the error of running an operation that a provider has not
// registered.
var ErrNotServed = errors.New("the provider does not serve this operation")

// Warning is something a provider wants its caller to know beside the results:
// they are good, but not all that was asked for.
type Warning struct {
	// Code is for machines, in upper case: "CURRENCY_NOT_AVAILABLE".
	Code string `json:"code"`
	// Subject is what the warning is about, such as a product's id; may be empty.
	Subject string `json:"subject,omitempty"`
	// Message is one sentence for people.
	Message string `json:"message"`
}

// Reply is the result of one run: the items, and the warnings.
type Reply struct {
	Data     []Item
	Warnings []Warning
}

type operationKey struct {
	domain Domain
	name   string
}

type runner func(ctx context.Context, params json.RawMessage) (Reply, error)

// Provider is the working part of a plugin: the operations it serves for one
// slot. It is made by the plugin's New and not changed after that.
type Provider struct {
	settings   any
	operations map[operationKey]runner
	mistakes   []error
}

// NewProvider returns a provider that serves nothing yet. settings is the
// decoded configuration, which the apps service shows as JSON to who lists the
// installed plugins; fields of type [Secret] are shown as [REDACTED]. nil when
// the plugin has no settings.
func NewProvider(settings any) *Provider {
	return &Provider{settings: settings, operations: make(map[operationKey]runner)}
}

// Settings returns the provider's settings as JSON, without its secrets; "{}"
// when it has none. The error says which settings cannot be written as JSON.
func (p *Provider) Settings() (json.RawMessage, error) {
	if p.settings == nil {
		return json.RawMessage("{}"), nil
	}
	shown, err := json.Marshal(p.settings)
	if err != nil {
		return nil, fmt.Errorf("the plugin's settings cannot be shown as JSON: %w", err)
	}
	return shown, nil
}

// Run runs one operation. The error is [ErrNotServed], an [*InvalidError] when
// params are not what the operation takes, or what the provider returned.
func (p *Provider) Run(ctx context.Context, domain Domain, operation string, params json.RawMessage) (Reply, error) {
	run, ok := p.operations[operationKey{domain, operation}]
	if !ok {
		return Reply{}, ErrNotServed
	}
	return run(ctx, params)
}

// Operations returns the names of the operations served in a domain, sorted.
func (p *Provider) Operations(domain Domain) []string {
	var names []string
	for key := range p.operations {
		if key.domain == domain {
			names = append(names, key.name)
		}
	}
	slices.Sort(names)
	return names
}

func (p *Provider) register(key operationKey, run runner) {
	if _, twice := p.operations[key]; twice {
		p.mistakes = append(p.mistakes, fmt.Errorf("%s.%s is served twice; a provider has one function for each operation", key.domain, key.name))
	}
	p.operations[key] = run
}

// check compares what is served with what the manifest promised.
func (p *Provider) check(m Manifest) error {
	mistakes := slices.Clone(p.mistakes)
	for _, domain := range m.Domains {
		if len(p.Operations(domain)) == 0 {
			mistakes = append(mistakes, fmt.Errorf("the manifest names the domain %q, and no operation of it is served", domain))
		}
	}
	var strangers []string
	for key := range p.operations {
		if !m.Serves(key.domain) {
			strangers = append(strangers, string(key.domain)+"."+key.name)
		}
	}
	if len(strangers) > 0 {
		slices.Sort(strangers)
		mistakes = append(mistakes, fmt.Errorf("%s is served, and the manifest does not name its domain", strings.Join(strangers, ", ")))
	}
	return errors.Join(mistakes...)
}
