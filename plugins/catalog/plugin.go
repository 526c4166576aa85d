package catalog

import (
	"context"

	"github.com/shopanaio/orchestrator/plugin"
)

const code = "catalog"

// Plugin is what a binary links.
var Plugin = plugin.Plugin{
	Manifest: plugin.Manifest{
		Code:        code,
		DisplayName: "Catalog",
		Description: "Offers from a small list of products that is shipped with the program.",
		Version:     "0.1.0",
		APIVersion:  "^1.0.0",
		Domains:     []plugin.Domain{plugin.Inventory},
		Priority:    10,
	},
	New: open,
}

func open(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
	settings := DefaultConfig()
	if err := config.Decode(&settings); err != nil {
		return nil, err
	}
	products, err := readProducts()
	if err != nil {
		return nil, err
	}
	provider := plugin.NewProvider(settings)
	plugin.GetOffers.Serve(provider, shelf{settings, products}.offers)
	return provider, nil
}
