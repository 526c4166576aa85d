package plugintest

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/shopanaio/orchestrator/plugin"
)

// Open makes the provider of the project demo with this configuration, a JSON
// object or nothing, and fails the test when that is refused.
func Open(t *testing.T, p plugin.Plugin, config string) *plugin.Provider {
	t.Helper()
	provider, err := p.Open(t.Context(), plugin.NewConfig("demo", json.RawMessage(config)))
	if err != nil {
		t.Fatal(err)
	}
	return provider
}

// Run opens the plugin with this configuration and runs an operation as the apps
// service does for a caller in another process: through JSON. It fails the test on an
// error and on a warning; see [RunWithWarnings].
func Run[In, Out any](t *testing.T, p plugin.Plugin, config string, operation plugin.Operation[In, Out], in In) []Out {
	t.Helper()
	results, warnings := RunWithWarnings(t, p, config, operation, in)
	if len(warnings) > 0 {
		t.Fatalf("%s warns: %+v", operation, warnings)
	}
	return results
}

// RunWithWarnings is Run for a provider that is expected to warn.
func RunWithWarnings[In, Out any](t *testing.T, p plugin.Plugin, config string, operation plugin.Operation[In, Out], in In) ([]Out, []plugin.Warning) {
	t.Helper()
	params, err := operation.Params(in)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := Open(t, p, config).Run(t.Context(), operation.Domain(), operation.Name(), params)
	if err != nil {
		t.Fatal(err)
	}
	results, err := operation.Results(asWritten(t, reply.Data))
	if err != nil {
		t.Fatal(err)
	}
	return results, reply.Warnings
}

// asWritten is what arrives of the items in another process.
func asWritten(t *testing.T, items []plugin.Item) (arrived []plugin.Item) {
	t.Helper()
	written, err := json.Marshal(items)
	if err == nil {
		err = json.Unmarshal(written, &arrived)
	}
	if err != nil {
		t.Fatal(err)
	}
	return arrived
}

// Refuses fails the test unless the plugin refuses the configuration with a
// mistake at exactly this path.
func Refuses(t *testing.T, p plugin.Plugin, config json.RawMessage, path string) {
	t.Helper()
	_, err := p.Open(t.Context(), plugin.NewConfig("demo", config))
	var invalid *plugin.InvalidError
	if !errors.As(err, &invalid) {
		t.Errorf("%s must be refused, got %v", config, err)
		return
	}
	for _, field := range invalid.Fields {
		if field.Field == path {
			return
		}
	}
	t.Errorf("%s must be refused at %s, got %v", config, path, err)
}
