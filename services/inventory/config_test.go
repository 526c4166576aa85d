package inventory_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/services/inventory"
)

func TestConfig(t *testing.T) {
	if err := inventory.DefaultConfig().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	for _, c := range []inventory.Config{{ProviderTimeout: 0, MaxItems: 1}, {ProviderTimeout: 1, MaxItems: 0}} {
		if c.Validate() == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
}
