package manifest_test

import (
	"fmt"

	"github.com/shopanaio/orchestrator/config/manifest"
)

func ExampleDiff() {
	built := manifest.Selection{Variant: "dev", Services: []string{"apps", "pricing"}, Transports: []string{"memory"}}
	binary := manifest.Manifest{
		Variant: "dev",
		Services: []manifest.Service{
			{Name: "apps", Import: "example.org/shop/services/apps"},
			{Name: "pricing", Import: "example.org/shop/services/pricing"},
		},
		Transports: []string{"memory"},
		Config:     built.Digest(),
		Selection:  built,
	}
	asked := manifest.Selection{Variant: "dev", Services: []string{"apps", "payments"}, Transports: []string{"memory"}}
	for _, line := range manifest.Diff(binary, asked) {
		fmt.Println(line)
	}
	// Output:
	// payments is in config.yml but not in this binary
	// pricing is in this binary but not in config.yml
}
