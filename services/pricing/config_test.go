package pricing_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/services/pricing"
)

func TestConfig(t *testing.T) {
	if err := pricing.DefaultConfig().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	for _, c := range []pricing.Config{{ProviderTimeout: -1, MaxCodes: 1}, {ProviderTimeout: 1, MaxCodes: 0}} {
		if c.Validate() == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
}
